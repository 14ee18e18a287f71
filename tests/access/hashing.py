"""A password hasher for tests that sign in often."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with the least work that it allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
