package synapse_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/synapse"
)

// What MAS must take over from a homeserver, and the file for syn2mas.
func ExamplePreMigration() {
	legacy, problems := synapse.PreMigration([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
database: {name: psycopg2, args: {user: synapse, password: 0644, host: db}}
oidc_providers:
  - {idp_id: keycloak, idp_name: Staff, issuer: "https://id.example.com/realms/staff", client_id: synapse, client_secret: s}
`)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range legacy.OIDC {
		fmt.Println(p.SynapseIDPID, p.Issuer, p.Mapping.Subject.Text, p.ClientSecret)
	}
	fmt.Print(problems)
	// Output:
	// oidc-keycloak https://id.example.com/realms/staff {{ user.sub }} [redacted]
	// info: homeserver.yaml:2:50: database.args.password: is not a string, which alone syn2mas reads here; the file for it says what Synapse makes of the value [adapted]
}
