"""Public functions of `actions` that do not ask `require` themselves, each with the reason."""

# Whole modules of parts: no door imports them, the actions that do have asked.
INNER = {
    "bulou.people.actions.keys": "keys and seals; the acts of the vault ask",
    "bulou.ledger.actions": "lies below access; the actions of the rooms append",
    "bulou.grid.actions.area_steps": "steps of the acts in areas, which ask",
    "bulou.grid.actions.quarantine": "the rows that an import set aside; imports ask",
    "bulou.grid.actions.register_rows": "rows of an import; imports ask",
    "bulou.grid.actions.holds": "a step of opening a round; open_round asks",
    "bulou.intake.actions.lanes": "how the batches of a district take turns",
    "bulou.intake.actions.checking": "the in-memory part of submit and submit_office",
    "bulou.intake.actions.projecting": "the projecting part of submit and submit_office",
}

# Parts of an action: the caller has asked, or asks with them.
PARTS = {
    "bulou.people.actions.vault.check_why": "a check of the form",
    "bulou.people.actions.vault.cleaned": "a check of the form",
    "bulou.people.actions.vault.write_again": "a step of settling an objection, which asks",
    "bulou.access.actions.gate.require": "the question itself",
    "bulou.access.actions.gate.require_act_for": "a second question, after require",
    "bulou.access.actions.gate.require_reason": "a check of the form",
    "bulou.access.actions.gate.book": "the transaction of the act",
    "bulou.access.actions.gate.tell": "the record of the act",
    "bulou.access.actions.gate.the_account": "a read, before require with the path that it finds",
    "bulou.access.actions.gate.the_actor": "a read",
    "bulou.access.actions.accounts.forget_attempts": "unlock_account and redeem_code ask",
    "bulou.access.actions.accounts.new_account": "create_account and start_first ask",
    "bulou.access.actions.roles.new_grant": "grant_role and start_first ask",
    "bulou.access.actions.roles.give": "grant_role and decide_role ask",
    "bulou.access.actions.roles.require_giveable": "a second question, after require",
    "bulou.access.actions.codes.new_code": "issue_code and create_account ask",
    "bulou.access.actions.codes.few_tries": "a limit around the codes",
    "bulou.access.actions.codes.claim_code": "the code is the permission",
    "bulou.access.actions.codes.use_code": "the code is the permission",
    "bulou.access.actions.passwords.change_password_of": "the callers hold a code or the old password",
    "bulou.reports.actions.signing_key": "sign_daily asks",
    "bulou.lines.restrictions.actions.acts.lift_now": "lift, answer and review ask",
    "bulou.lines.checkpoints.actions.passes.signing_key": "issue_passes and take_along ask",
    "bulou.lines.checkpoints.actions.details.day_keys": "take_along asks",
    "bulou.lines.checkpoints.actions.details.known_keys": "reveal and day_keys ask",
}

# Acts that ask in another way than by `require(actor, ...)`.
OTHERWISE = {
    "bulou.people.actions.retention.purge_all": "calls purge for each district; only the worker calls it",
    "bulou.people.actions.retention.purge": "acts as the system, and asks for it; only the worker calls it",
    "bulou.intake.actions.proving.verify": "acts as the system; tells only what differs",
    "bulou.intake.actions.proving.replay_check": "acts as the system; only the command line calls it",
    "bulou.intake.actions.proving.seal_all": "acts as the system; only the worker calls it",
    "bulou.intake.actions.following.follow_registered": "acts as the system; only the worker calls it",
    "bulou.intake.actions.following.watch_of": "a name",
    "bulou.intake.actions.proving.make_months": "changes no data; only the worker calls it",
    "bulou.lines.checkpoints.actions.details.purge": "removes only what is over; only the worker calls it",
    "bulou.grid.actions.imports.match_columns": "reads the caller's own file and no table",
    "bulou.evidence.actions.discard_due": "acts as the system; only the worker calls it",
    "bulou.tasks.actions.plan_assignment": "a preview: asks may() for every unit and changes nothing",
    "bulou.intake.actions.submitting.take": "submit asks, hand_in has the proof of the envelopes",
    "bulou.intake.actions.submitting.submit": "asks held_paths, then may() for every record of the batch",
    "bulou.protocols.actions.load_library": "stands beside access; only the command line calls it",
    "bulou.protocols.actions.load_file": "stands beside access; only the command line calls it",
}

# Acts that anybody may try, or that concern only oneself.
OPEN = {
    "bulou.lines.restrictions.actions.appeals.object_by_code": "the code on one's paper is the permission",
    "bulou.lines.restrictions.actions.appeals.take_further": "the code on one's paper is the permission",
    "bulou.access.actions.gate.system_actor": "the author of jobs and of the command line",
    "bulou.access.actions.accounts.set_preferences": "one's own language and text size",
    "bulou.access.actions.passwords.redeem_code": "the code is the permission",
    "bulou.access.actions.passwords.first_start_code": "only before there is any account",
    "bulou.access.actions.passwords.start_first": "the code is the permission",
    "bulou.access.actions.sessions.sign_in": "the password is the permission",
    "bulou.access.actions.sessions.sign_out": "one's own session",
    "bulou.access.actions.sessions.change_password": "the old password is the permission",
    "bulou.access.actions.upkeep.sweep": "removes only what is over; only the worker calls it",
    "bulou.access.actions.devices.enrol_device": "the code is the permission",
    "bulou.access.actions.devices.note_device": "one's own device",
    "bulou.access.actions.devices.note": "the device that has proved itself to the caller",
    "bulou.access.actions.shares.open_shift": "the phone's own secret and the proof of its PIN",
    "bulou.intake.actions.handing_in.hand_in": "each envelope proves the phone that wrote it",
    "bulou.intake.actions.handing_in.hand_in_file": "each envelope proves the phone that wrote it",
    "bulou.intake.actions.handing_in.sealing_key": "the server's own key, for the server",
    "bulou.intake.actions.handing_in.public_key": "public, as its name says",
    "bulou.access.actions.glass.end_glass": "one's own emergency role",
    "bulou.access.actions.glass.note_use": "what one opens oneself",
    "bulou.access.actions.views.remove_view": "one's own view",
}
