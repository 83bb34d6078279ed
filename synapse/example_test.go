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

func ExampleDelegate_Lint() {
	delegate := synapse.Delegate{Site: maskit.Site{MASURL: "http://mas:8080/"}, SecretPath: "/run/secrets/mas/shared-secret"}
	problems := delegate.Lint([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
password_config: {enabled: on}
matrix_authentification_service: {enabled: true}
`)}})
	for _, p := range problems {
		fmt.Printf("%s %s: %s\n", p.Pos, p.Path, p.Code)
	}
	// Output:
	//  matrix_authentication_service: not-delegated
	// homeserver.yaml:2:19 password_config.enabled: password-login
	// homeserver.yaml:3:1 matrix_authentification_service: unknown-key
}

func ExampleDelegate_Overlay() {
	delegate := synapse.Delegate{Site: maskit.Site{MASURL: "http://mas:8080/"}, SecretPath: "/run/secrets/mas/shared-secret"}
	overlaid, problems := delegate.Overlay([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
experimental_features:
  msc3266_enabled: true
  msc3861: {enabled: true}
`)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", overlaid.File.Data)
	// Output:
	// # written by maskit: Synapse delegates authentication to MAS.
	// # Load this file after all others: each key replaces that of an earlier file whole.
	//
	// matrix_authentication_service:
	//   enabled: true
	//   endpoint: "http://mas:8080/"
	//   secret_path: "/run/secrets/mas/shared-secret"
	//
	// # matrix_authentication_service replaces it
	// experimental_features:
	//   msc3266_enabled: true
}

func ExampleDelegate_Convert() {
	delegate := synapse.Delegate{SecretPath: "/run/secrets/mas/shared-secret"}
	converted, problems := delegate.Convert([]synapse.File{{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
experimental_features:
  msc3861: {enabled: true, issuer: "https://account.example.com/", client_id: synapse, client_secret: x, admin_token: y}
`)}})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	// converted.Secret.Reveal() goes into the file.
	fmt.Printf("%s%s holds %v\n", converted.Files[0].Data, converted.SecretPath, converted.Secret)
	// Output:
	// server_name: example.com
	//
	// # written by maskit: Synapse delegates authentication to MAS
	// matrix_authentication_service:
	//   enabled: true
	//   endpoint: "https://account.example.com/"
	//   secret_path: "/run/secrets/mas/shared-secret"
	// /run/secrets/mas/shared-secret holds [redacted]
}
