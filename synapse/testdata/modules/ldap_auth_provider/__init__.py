# Stands in for matrix-synapse-ldap3: the two classes that configurations name.


class LdapAuthProvider:
    def __init__(self, config, account_handler):
        pass

    @staticmethod
    def parse_config(config):
        return config


class LdapAuthProviderModule:
    def __init__(self, config, api):
        checkers = {("m.login.password", ("password",)): self.check}
        api.register_password_auth_provider_callbacks(auth_checkers=checkers)

    @staticmethod
    def parse_config(config):
        return config

    async def check(self, user, login_type, login):
        return None
