//! What RabbitMQ does, on private nodes that these tests start.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

mod amqp_connect;
mod amqp_consume;
mod amqp_faults;
mod amqp_poison;
mod amqp_publish;
mod amqp_raw;
mod amqp_recover;
mod amqp_support;
mod amqp_tls;
mod amqp_topology;
mod conformance;
mod delay;
mod faults_connection;
mod faults_crash;
mod faults_dropped;
mod faults_end;
mod faults_growth;
mod faults_limits;
mod faults_network;
mod faults_poison;
mod faults_queue;
mod faults_redelivery;
mod faults_refusal;
mod faults_restart;
mod faults_slow;
mod faults_stall;
mod faults_support;
mod proxied;
mod scenarios;
