"""The words in which the desk speaks of people, the register and teams."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TRIGGERS = MappingProxyType(
    {
        "returnee": _("Returnee"),
        "incomer": _("Incomer"),
        "contact": pgettext_lazy("trigger", "Contact"),
        "case": pgettext_lazy("trigger", "Case"),
        "symptom": _("Symptom"),
        "own_request": _("Own request"),
        "order": _("By order"),
    }
)
PURPOSES = MappingProxyType(
    {
        "follow_up": _("Follow-up"),
        "tracing": _("Tracing"),
        "handover": pgettext_lazy("purpose", "Hand-over"),
        "isolation": pgettext_lazy("purpose", "Isolation"),
        "test_round": _("Testing round"),
        "medical": _("Medical care"),
        "supply": pgettext_lazy("purpose", "Supplies"),
        "appeal": pgettext_lazy("purpose", "Appeal"),
        "correction": pgettext_lazy("purpose", "Correction"),
        "duplicates": _("Finding doubles"),
        "own_data": _("The person asks for their own data"),
        "register_kept": _("Keeping the register"),
    }
)
KEEPS = MappingProxyType(
    {
        "returnee_card": _("Returnee card"),
        "contact_chain": _("Contact chain"),
        "tube": _("Sample tube"),
        "case_file": _("Case file"),
        "stay": _("Stay in isolation"),
        "act": _("Restriction act"),
        "roster": _("Roster by order"),
    }
)
FIELDS = MappingProxyType(
    {
        "name": pgettext_lazy("person", "Name"),
        "number": _("ID number"),
        "phones": _("Phones"),
        "address": _("Address"),
    }
)
LOOKS = MappingProxyType(
    {
        "listed": _("in a list, masked"),
        "searched": _("by a search, masked"),
        "opened": _("page opened, masked"),
        "revealed": _("shown in plain words"),
        "printed": _("printed"),
    }
)
ALIKE = MappingProxyType(
    {
        "same_number": _("same ID number"),
        "same_phone": _("same phone"),
        "same_name_and_place": _("same name, same place"),
    }
)
RISKS = MappingProxyType(
    {
        "key_person": _("Key person"),
        "attention": _("To be noted"),
        "general": pgettext_lazy("risk", "General"),
    }
)
CHANNELS = MappingProxyType(
    {
        "at_door": _("at the door"),
        "at_gate": _("at a gate"),
        "by_telephone": _("by telephone"),
        "by_file": _("by file"),
        "at_desk": _("at a desk"),
    }
)
CONTACTS = MappingProxyType({"yes": _("yes"), "no": _("no"), "unknown": _("not known")})
STANDINGS = MappingProxyType({"on_register": _("on the register"), "off_register": _("off the register")})
LEFT = MappingProxyType(
    {
        "duty_over": _("Duty over"),
        "gone_away": _("Gone away"),
        "mistaken": _("Entered by mistake"),
        "died": _("Died"),
    }
)
MERGE_STATES = MappingProxyType(
    {
        "proposed": _("proposed"),
        "merged": _("merged"),
        "merge_refused": _("not merged"),
        "undone": _("undone"),
    }
)
DISPUTED = MappingProxyType(
    {
        "open": _("open"),
        "accepted": _("accepted"),
        "refused": pgettext_lazy("objection", "refused"),
    }
)
TEAM_ROLES = MappingProxyType(
    {
        "township_cadre": _("Township cadre"),
        "village_cadre": _("Village cadre"),
        "community_cadre": _("Community cadre"),
        "grid_worker": _("Grid worker"),
        "police": _("Police"),
        "village_doctor": _("Village doctor"),
        "volunteer": _("Volunteer"),
    }
)
