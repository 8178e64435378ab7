/// One test for each case of the conformance suite, in modules named as the suite's.
///
/// Takes an expression of type [`Harness`](crate::conformance::Harness), which is evaluated in an async function, once
/// for each test.
#[macro_export]
macro_rules! conformance_tests {
    ($harness:expr) => {
        $crate::conformance_tests! { @groups $harness;
            round_trip {
                every_property, every_kind_of_header, unicode_everywhere, an_empty_body, a_body_of_a_megabyte,
                where_it_came_from,
            }
            publish {
                unroutable_names_exchange_and_key, no_queue_of_that_name, not_mandatory_to_nowhere,
                a_missing_exchange_is_rejected_alone, confirmed_is_in_the_queue, many_at_a_time,
                in_the_order_of_first_polls, a_body_that_is_too_large, names_that_are_too_long,
                a_full_queue_refuses,
            }
            routing {
                topic_patterns, topic_patterns_with_empty_words, direct_keys_are_exact, fanout_reaches_all,
                one_copy_however_many_bindings, bound_twice_is_bound_once, unbound_gets_no_more,
                arguments_tell_bindings_apart, what_is_missing_cannot_be_bound,
            }
            consume {
                in_the_order_of_publishing, a_waiting_consumer_is_woken, competing_consumers_share,
                prefetch_is_never_exceeded, prefetch_opens_with_each_settlement,
                a_closed_consumer_gives_back, a_dropped_consumer_gives_back, a_closed_transport_gives_back,
                a_cancelled_consumer_hands_out_the_rest, a_dropped_wait_loses_nothing,
                a_missing_queue_cannot_be_consumed, a_deleted_queue_comes_back_with_its_consumer,
            }
            settle {
                done_is_forgotten, returned_comes_again, dropped_comes_again, rejected_is_dead_lettered,
                rejected_without_a_place_is_gone, only_its_own_message, too_late_changes_nothing,
                lost_too_often_is_dead_lettered,
            }
            expire {
                by_the_time_of_the_queue, by_its_own_time, by_those_behind_it, not_while_it_is_handled,
            }
            delay {
                never_early, in_the_order_of_their_times, to_a_missing_queue,
                neither_expiration_nor_priority_count, to_queues_of_any_name, to_a_queue_that_is_gone_by_then,
                to_a_queue_that_comes_back, limits,
            }
            pull {
                the_oldest_first, nothing_in_an_empty_queue, a_missing_queue, done_is_forgotten,
                returned_comes_again, only_ready_messages_count,
            }
            declare {
                twice_alike, other_arguments_are_named, integers_of_other_types_are_alike, adopted_as_it_is,
                an_exchange_of_another_kind, checked_and_not_declared, a_name_that_is_too_long,
                a_deleted_queue_is_gone, deleting_nothing,
            }
            close {
                nothing_works_afterwards, a_waiting_consumer_ends, twice, the_status_tells,
            }
        }
    };
    (@groups $harness:expr; $($group:ident { $($case:ident),* $(,)? })*) => {
        $(mod $group {
            use super::*;

            $(#[tokio::test]
            async fn $case() {
                let harness: $crate::conformance::Harness = $harness;
                harness.run($crate::conformance::$group::$case).await;
            })*
        })*
    };
}
