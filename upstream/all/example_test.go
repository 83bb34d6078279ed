package all_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/upstream/all"
)

func ExampleRegistry() {
	file, problems := all.Registry().Decode("sso.yaml", []byte(`
kind: keycloak
base_url: https://sso.example.com
realm: staff
client_id: matrix
client_secret_file: /run/secrets/sso
human_nam: Example
`))
	fmt.Println(file.Provider.Kind())
	fmt.Println(problems)

	_, problems = all.Registry().Decode("saml.yaml", []byte(`kind: saml`))
	fmt.Println(problems)
	// Output:
	// keycloak
	// error: sso.yaml:7:1: human_nam: is not a known key, and would be ignored in silence [unknown-key] (fix: did you mean "human_name"?)
	// error: saml.yaml:1:1: kind: cannot be used directly: MAS does not speak SAML [needs-bridge] (fix: add it as a SAML identity provider of a Keycloak realm, and use the kind keycloak, with kc_idp_hint to skip its login page)
}
