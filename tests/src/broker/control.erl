%% The broker evaluates this file at its start (see control.rs).
%%
%% When the broker serves clients it listens on a socket in its own folder, takes one Erlang expression a connection
%% and answers with the value: `0` and a binary as it is, or any other term as text; `1` and the reason of a failure.
%% A private socket and milliseconds, where rabbitmqctl starts a virtual machine for each call.
Path = os:getenv("LEVERET_CONTROL").

Answer = fun(Text) ->
    try
        {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Text)),
        {ok, Expressions} = erl_parse:parse_exprs(Tokens),
        {value, Value, _} = erl_eval:exprs(Expressions, []),
        [0, case is_binary(Value) of true -> Value; false -> io_lib:format("~0p", [Value]) end]
    catch
        Class:Reason -> [1, io_lib:format("~0p: ~0p", [Class, Reason])]
    end
end.

Serve = fun(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Text} -> gen_tcp:send(Socket, Answer(Text));
        {error, _} -> ok
    end,
    gen_tcp:close(Socket)
end.

spawn(fun() ->
    ok = rabbit:await_startup(),
    file:delete(Path),
    {ok, Listener} = gen_tcp:listen(0, [binary, {packet, 4}, {active, false}, {backlog, 128}, {ifaddr, {local, Path}}]),
    (fun Accept() ->
        {ok, Socket} = gen_tcp:accept(Listener),
        spawn(fun() -> Serve(Socket) end),
        Accept()
    end)()
end).
