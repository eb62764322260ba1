//! What the store promises, shown on both engines by the same cases.
//!
//! SQLite runs always. PostgreSQL runs where `AUTOLOG_TEST_POSTGRES_URL` names a server and a superuser on it; each case
//! makes a database and an owner of its own.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "conformance/accounts.rs"]
mod accounts;
#[path = "conformance/audit.rs"]
mod audit;
#[path = "conformance/backups.rs"]
mod backups;
#[path = "conformance/clocks.rs"]
mod clocks;
#[path = "conformance/commands.rs"]
mod commands;
#[path = "conformance/forms.rs"]
mod forms;
#[path = "conformance/learned.rs"]
mod learned;
#[path = "conformance/place.rs"]
#[expect(dead_code, reason = "shared with tests of one engine")]
mod place;
#[path = "conformance/rotation.rs"]
mod rotation;
#[path = "conformance/search.rs"]
mod search;
#[path = "conformance/shared.rs"]
mod shared;
#[path = "conformance/tables.rs"]
mod tables;
#[path = "conformance/writers.rs"]
mod writers;

use place::Place;

macro_rules! on_both {
    ($($module:ident { $($case:ident)* })*) => {
        mod sqlite {
            $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$module::$case(&super::Place::sqlite()).await;
            })*)*
        }

        mod postgres {
            $($(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(place) = super::Place::postgres().await {
                    super::$module::$case(&place).await;
                    place.drop_database().await;
                }
            })*)*
        }
    };
}

on_both! {
    commands {
        what_is_appended_reads_back_the_same
        times_keep_their_microseconds
        a_form_that_comes_twice_is_recorded_once
        a_double_tap_is_recorded_once
        the_same_id_with_another_content_is_refused
        a_refusal_records_nothing_and_uses_up_nothing
        a_record_that_changed_meanwhile_is_a_conflict
        many_writers_leave_no_gap
        an_identifier_taken_meanwhile_is_seen_by_the_second_decision
        an_identifier_that_another_batch_holds_undoes_everything
        what_cannot_be_projected_undoes_everything
        a_signature_without_a_key_undoes_everything
        what_was_not_looked_up_undoes_everything
        an_event_that_cannot_be_written_undoes_everything
        a_decision_without_events_records_nothing
        a_decision_sees_what_it_looked_up
    }
    audit {
        nothing_of_the_record_is_changed_or_deleted
        an_honest_ledger_is_clean
        an_entry_changed_by_direct_sql_is_named
        a_rewritten_history_is_named_between_two_checkpoints
        a_removed_entry_is_a_gap
        a_value_that_cannot_be_read_is_named
        a_changed_hash_of_the_tree_is_named
        nothing_is_appended_to_a_tree_that_cannot_be_read
        an_export_verifies_without_the_database
        each_checkpoint_is_consistent_with_the_ones_before
        a_signature_makes_a_checkpoint
        a_checkpoint_on_demand_is_made_once
        a_daily_checkpoint_is_made_where_something_is_new
        checkpoints_before_a_new_key_still_count
        what_was_recorded_is_there_after_reopening
    }
    backups {
        a_backup_while_others_write_restores_to_the_same_roots
        a_backup_goes_into_an_empty_database_alone
        a_backup_holds_no_key_that_signs
        a_tampered_record_is_backed_up_as_it_is
    }
    clocks {
        a_clock_behind_the_newest_entry_refuses_and_two_people_let_it_go_back
        servers_that_differ_by_seconds_record_no_time_twice_or_backwards
        a_clock_set_forward_while_it_runs_is_noticed_and_put_right
        a_doubt_is_shared_by_two_servers_and_outlives_a_start
        times_that_go_back_without_a_word_are_found
    }
    rotation {
        a_rotation_is_an_entry_that_both_keys_sign
        a_replaced_key_signs_no_more
        after_a_lost_key_the_new_one_must_be_known
    }
    learned {
        a_ledger_that_another_process_made_is_read_and_signed_without_a_restart
        a_new_key_is_learned_without_a_restart
        a_key_in_the_folder_or_in_the_ledger_alone_does_not_count
        what_another_process_records_of_the_organisation_is_seen_at_once
    }
    tables {
        rebuilt_equals_incremental
        the_board_shows_overdue_first_and_only_the_sites_asked_for
        a_claim_is_shared_by_one_holder_and_free_after_the_last
        the_newest_approved_version_of_a_document_is_found
        a_user_name_is_never_given_again
        a_line_of_the_register_is_never_changed
        roles_are_replaced_as_a_whole
    }
    search {
        a_term_is_found_by_its_beginning_and_only_at_the_sites_asked_for
        terms_of_a_batch_are_replaced_as_a_whole
        finding_takes_as_long_at_100_000_batches_as_at_1_000
    }
    shared {
        what_waits_together_is_recorded_together
        one_that_fails_takes_no_other_with_it
        a_refusal_among_others_refuses_itself_alone
        whoever_gives_up_holds_up_nobody
        two_programs_write_by_turns
        what_is_known_is_not_read_again
        nothing_is_signed_on_a_part_of_a_stream
        what_was_undone_is_not_missed
    }
    writers {
        eight_writers_lose_double_and_reorder_nothing
    }
    accounts {
        a_credential_is_kept_counted_and_locked
        a_session_ends_once
        sessions_that_ended_long_ago_are_forgotten
        an_effect_is_undone_with_its_entry
        an_effect_has_an_entry
        no_number_of_guesses_is_checked_uncounted
        how_a_person_stands_holds_until_what_they_did_is_recorded
        who_is_disabled_in_a_shared_transaction_does_nothing_after_it
    }
    forms {
        a_kept_form_is_for_its_own_person_and_browser_alone
        a_draft_is_its_persons_on_its_page_at_any_browser
        forms_are_few_and_small
        a_browser_is_known_for_the_person_who_signed_in_there
        the_file_of_the_record_does_not_grow_with_forms
        no_form_is_in_a_backup
    }
}

#[test]
fn a_url_of_neither_engine_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let opened = runtime.block_on(store::open(place::opening("mysql://localhost/autolog")));
    assert!(matches!(opened.err(), Some(store::Fault::UnknownEngine)));
}
