use std::time::Duration;

use super::{control::Control, wait::within};

const TIMEOUT: Duration = Duration::from_secs(30);

/// By the watermark, which is relative to the machine's memory; the one from before is kept in the node.
const RAISE: &str = "application:get_env(rabbit, leveret_watermark) =:= undefined andalso
        application:set_env(rabbit, leveret_watermark, vm_memory_monitor:get_vm_memory_high_watermark()),
    vm_memory_monitor:set_vm_memory_high_watermark(0)";
const CLEAR: &str = "case application:get_env(rabbit, leveret_watermark) of
        {ok, Watermark} -> vm_memory_monitor:set_vm_memory_high_watermark(Watermark);
        undefined -> ok
    end";
const IS_RAISED: &str = "lists:member({resource_limit, memory, node()}, [element(1, Alarm) || Alarm <- rabbit_alarm:get_alarms()])";

/// Raises or clears the memory alarm, and waits until it is in force.
pub(super) async fn set(control: &Control, on: bool) {
    control.eval(if on { RAISE } else { CLEAR }).await;
    let in_force = async || control.eval(IS_RAISED).await == on.to_string();
    assert!(within(TIMEOUT, in_force).await, "the broker did not change its memory alarm to {on}");
}
