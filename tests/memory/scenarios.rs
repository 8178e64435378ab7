use leveret_tests::scenarios::Env;

leveret_tests::scenario_tests!(Env::memory());
leveret_tests::delay_scenario_tests!(Env::memory());
