use super::control::{Control, binary};

/// Closes all connections from the broker's side (320, CONNECTION_FORCED); says how many there were.
pub(super) async fn close_all(control: &Control) -> usize {
    close(control, "true").await
}

/// Closes the connections to one virtual host.
pub(super) async fn close_in(control: &Control, vhost: &str) -> usize {
    close(
        control,
        &format!("rabbit_networking:connection_info(C, [vhost]) =:= [{{vhost, {}}}]", binary(vhost)),
    )
    .await
}

/// Closes the connections to one virtual host that have this name.
pub(super) async fn close_named(control: &Control, vhost: &str, name: &str) -> usize {
    let condition = format!(
        "[{{vhost, {}}}] =:= rabbit_networking:connection_info(C, [vhost]) andalso
         {{<<\"connection_name\">>, longstr, {}}} =:= lists:keyfind(<<\"connection_name\">>, 1,
             proplists:get_value(client_properties, rabbit_networking:connection_info(C, [client_properties])))",
        binary(vhost),
        binary(name)
    );
    close(control, &condition).await
}

/// The broker notes a new connection a moment after the client has it, hence the `sync`. A connection can end while it is asked; it is passed over then.
async fn close(control: &Control, condition: &str) -> usize {
    let expression = format!(
        r#"pg_local:sync(),
           length([C || C <- rabbit_networking:connections(),
                        ok =:= (catch case {condition} of
                                    true -> rabbit_networking:close_connection(C, "closed by a test");
                                    false -> passed
                                end)])"#
    );
    control.eval(&expression).await.parse().expect("the broker counts its connections")
}
