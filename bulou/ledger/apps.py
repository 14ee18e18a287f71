from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bulou.ledger"
    label = "ledger"
