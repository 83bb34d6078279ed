# A module that has nothing to do with passwords.


class Doorman:
    def __init__(self, config, api):
        api.register_third_party_rules_callbacks()

    @staticmethod
    def parse_config(config):
        if config != {"greeting": "hi", "quiet": True, "mode": 420, "on": "on"}:
            raise ValueError(f"this configuration is not the one of the test: {config}")
        return config
