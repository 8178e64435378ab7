/// One test for each case that every transport passes, in modules named as the suite's.
///
/// Takes an expression of type [`Env`](crate::scenarios::Env), which is evaluated in an async function, once for each
/// test.
#[macro_export]
macro_rules! scenario_tests {
    ($env:expr) => {
        $crate::scenario_tests! { @groups $env; run (flavor = "multi_thread", worker_threads = 2)
            sample {
                every_verb, any_error_is_retried, events_and_replies_reach_their_handlers,
                anything_on_a_topic,
            }
            sending {
                commands_and_events_arrive, options_of_a_command, another_exchange,
                a_queue_that_lacks_its_binding, raw_bodies, expired_messages_are_not_handled,
                who_lets_a_message_expire, what_a_handler_passes_on, headers_of_brokers_are_left_out,
            }
            wire {
                every_header, a_sender_has_no_address, the_old_form_of_times, another_prefix, another_codec,
                exchanges_of_other_names, a_bare_message,
            }
            replying {
                to_the_senders_endpoint, nobody_handles, to_a_handler_of_everything, to_nobody,
                further_replies_need_an_address, to_a_queue_that_is_gone, to_the_address_of_the_property,
                are_commands_on_the_wire,
            }
            requesting {
                each_gets_its_own_reply, two_in_one_handler, late_replies_are_ignored,
                correlation_and_conversation, what_a_requested_handler_sends, that_cannot_be_made,
                a_reply_that_does_not_fit, a_shutdown_ends_the_wait, from_another_queue,
            }
            retrying {
                until_it_succeeds, until_there_is_no_retry_left, not_when_it_is_permanent,
                not_when_it_is_discarded, not_before_the_error_says, others_are_handled_meanwhile,
                after_a_panic, after_the_time_limit, failures_elsewhere_count, a_pause_keeps_the_count,
                competing_instances_count_together,
            }
            deciding {
                by_rules, by_an_error_handler, whatever_panics, watched, waits_beyond_reason,
            }
            returning {
                is_counted_on_plain_queues, twenty_times_is_too_often, is_not_counted_on_quorum_queues,
                a_full_queue_has_no_room_for_copies,
            }
            failing {
                undecodable_bodies, malformed_headers, unknown_commands, unroutable_at_commit,
                an_unroutable_request_can_be_mended, nothing_vanishes_from_the_error_queue,
                very_long_reasons, another_error_queue, a_deleted_error_queue, a_full_error_queue,
                wrong_intents, errors_that_cannot_be_told,
            }
            committing {
                all_of_the_run_that_succeeds, nothing_of_a_message_that_fails_for_good,
                before_the_message_is_done, but_not_requests, each_message_by_itself,
            }
            transactions {
                leave_in_order, dropped_or_empty, failing_in_part, refused_when_added, after_a_shutdown,
            }
            receiving {
                untyped_events, copies_of_untyped_events, untyped_commands, untyped_commands_that_waited,
                handlers_of_everything, unmatched_events, odd_header_types, types_in_the_property, equal_ids,
            }
            subscribing {
                by_contract, by_the_pattern_of_the_handler, by_pattern, with_arguments, without_a_handler,
                without_an_endpoint, handlers_of_everything,
            }
            sharing {
                as_many_as_the_concurrency, one_after_the_other, competing_instances,
                replies_find_their_instance, a_handler_that_asks_its_own_endpoint,
                what_has_not_begun_goes_to_another,
            }
            lifecycle {
                pause_and_resume, a_pause_lets_handlers_finish, health, a_shutdown_lets_handlers_finish,
                a_handler_that_does_not_finish, nothing_works_after_a_shutdown, dropped_without_a_shutdown,
                a_start_that_is_given_up, a_sender_cannot_be_paused,
            }
            pulling {
                the_oldest_first, settled_in_each_way, a_missing_queue,
            }
            layers {
                see_deliveries_and_failures, of_the_ecosystem, may_forgive, may_refuse, may_panic,
                see_unknown_commands,
            }
            refusing {
                what_has_nowhere_to_go, not_what_may_be_lost, a_missing_exchange, names_that_do_not_fit,
                bodies_that_are_too_long, headers_that_are_too_long, what_cannot_be_encoded,
                no_length_of_time,
            }
            owning {
                the_owner_publishes, nobody_else_publishes, a_function_is_judged_when_it_runs,
                raw_events_are_not_judged, claims_without_sense,
            }
            renaming {
                older_senders_are_understood, older_repliers_are_understood, subscriptions_go_by_each_name,
            }
            starting {
                an_endpoint_by_hand, mistakes_by_hand, options_without_sense, urls_without_sense,
                a_queue_with_other_arguments, without_declaring,
            }
        }
    };
    (@groups $env:expr; $run:ident $how:tt $($group:ident $cases:tt)*) => {
        $(mod $group {
            use super::*;

            $crate::scenario_tests! { @group $env; $run $how $group $cases }
        })*
    };
    (@group $env:expr; $run:ident $how:tt $group:ident { $($case:ident),* $(,)? }) => {
        $($crate::scenario_tests! { @case $env; $run $how $group $case })*
    };
    (@case $env:expr; $run:ident ($($how:tt)*) $group:ident $case:ident) => {
        #[tokio::test($($how)*)]
        async fn $case() {
            let env: $crate::scenarios::Env = $env;
            env.$run($crate::scenarios::$group::$case).await;
        }
    };
}

/// One test for each case that waits for hours, on tokio's paused clock: for transports that run on that clock alone.
#[macro_export]
macro_rules! delay_scenario_tests {
    ($env:expr) => {
        $crate::scenario_tests! { @groups $env; run_on_paused_clock (start_paused = true)
            delays {
                deferred_commands, deferred_in_a_transaction, deferred_to_nowhere, deferred_by_others,
                nobody_has_to_wait, having_waited_is_no_failure, waiting_for_a_turn_is_no_failure, retries,
                expiring_before_their_time,
            }
            ramps {
                of_each_shape, without_an_answer,
            }
        }
    };
}
