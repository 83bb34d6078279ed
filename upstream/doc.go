// Package upstream describes identity providers: the systems that people sign in
// with, seen from Matrix Authentication Service (MAS).
//
// A [Provider] is a plain value. Its configuration is typed per vendor, and its
// one job is to become an [Entry], the provider entry of MAS's configuration:
//
//	provider := upkc.Config{ // package upstream/keycloak
//		BaseURL: "https://sso.example.com",
//		Realm:   "staff",
//		Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//	if err := problems.Err(); err != nil {
//		return err
//	}
//	// builder.Upstream(entry)
//
// MAS accepts a wrong provider in silence and fails at the first login. Here it
// fails when the entry is made, with everything that is wrong at once.
//
// The modules live below this package: upstream/oidc for any OpenID Connect or
// OAuth 2.0 provider, and one package per vendor on top of it. A third party
// writes its own by implementing [Provider], usually by returning what an
// oidc.Config makes of it, and proves it with upstream/upstreamtest.
//
// # Errors
//
// Functions return [maskit.Problems]; only [Check] returns an error, that of its context.
// The paths are YAML keys of the provider's own configuration, so that a program
// that read it from a file can prefix them with where that file has it.
//
// # What it does not do
//
// It opens no connection but in [Check], and registers nothing at the provider:
// [SetupSteps] says what an administrator has to register there.
package upstream
