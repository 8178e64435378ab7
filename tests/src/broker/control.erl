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

%% RabbitMQ 3.10 gives up all workers of at-least-once dead-lettering when one fails twice within 5 s, as it does for a
%% queue that is deleted just after it came up; and a quorum queue that comes up in that moment dies for good. It is the
%% tests that delete so many, so here a worker may fail more often. The supervisor's state has its intensity in sixth place.
spawn(fun Forgive() ->
    case whereis(rabbit_fifo_dlx_sup) of
        undefined -> timer:sleep(5), Forgive();
        Workers -> sys:replace_state(Workers, fun(State) -> setelement(6, State, 1000) end)
    end
end),

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
