package synapse_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

func ExampleDelegate_Patch() {
	delegate := synapse.Delegate{
		Site: maskit.Site{
			ServerName:   "example.com",
			AccountURL:   "https://account.example.com/",
			ClientAPIURL: "https://matrix.example.com/",
			SynapseURL:   "http://synapse:8008/",
			MASURL:       "http://mas:8080/",
		},
		SecretPath: "/run/secrets/mas/shared-secret",
	}
	patched, problems := delegate.Patch([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
# We let people in.
enable_registration: yes
report_stats: no
`)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", patched.Files[0].Data)
	// Output:
	// server_name: example.com
	// # We let people in.
	// # commented out by maskit: MAS registers users
	// # enable_registration: yes
	// report_stats: no
	//
	// # written by maskit: Synapse delegates authentication to MAS
	// matrix_authentication_service:
	//   enabled: true
	//   endpoint: "http://mas:8080/"
	//   secret_path: "/run/secrets/mas/shared-secret"
}

func ExampleRevert() {
	delegate := synapse.Delegate{
		Site: maskit.Site{
			ServerName: "example.com", AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
			SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/",
		},
		SecretPath: "/run/secrets/mas/shared-secret",
		Removal:    synapse.RemovalDelete,
	}
	patched, _ := delegate.Patch([]synapse.File{{Name: "homeserver.yaml", Data: []byte("server_name: example.com\npassword_config: {enabled: true}\n")}})

	// Later, with the stored text of patched.Undo.Reveal().
	files, err := synapse.Revert(patched.Files, patched.Undo)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", files[0].Data)
	fmt.Println(patched.Undo)
	// Output:
	// server_name: example.com
	// password_config: {enabled: true}
	// [redacted]
}
