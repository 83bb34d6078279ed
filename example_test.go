package maskit_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// Addresses stand once, in a Site; whatever two systems must agree on is derived.
func Example() {
	site := maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse-main.matrix.svc.cluster.local:8008/",
		MASURL:       "http://mas.matrix-auth.svc.cluster.local:8080/",
	}
	if err := site.Validate().Err(); err != nil {
		fmt.Println(err)
		return
	}
	id, err := maskit.ParseULID("01J44RKQYM4G3TNVANTMTDYTX6")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(site.CallbackURL(id))
	fmt.Println(site.BackchannelLogoutURL(id))
	fmt.Println(site.IntrospectionURL())
	// Output:
	// https://account.example.com/upstream/callback/01J44RKQYM4G3TNVANTMTDYTX6
	// https://account.example.com/upstream/backchannel-logout/01J44RKQYM4G3TNVANTMTDYTX6
	// http://mas.matrix-auth.svc.cluster.local:8080/oauth2/introspect
}

// Everything that is wrong is reported at once, each with its path, code and fix.
func ExampleSite_Validate() {
	site := maskit.Site{
		ServerName:   "https://example.com",
		AccountURL:   "https://Account.example.com/",
		ClientAPIURL: "https://matrix.example.com/client",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}
	fmt.Println(site.Validate())
	// Output:
	// error: server_name: is a URL, but must be a name [server-name-is-url] (fix: write example.com, without scheme and path)
	// error: account_url: is not written as MAS publishes it, and clients and identity providers compare it letter by letter [url-not-canonical] (fix: write https://account.example.com/)
	// error: client_api_url: has a path that does not end in / [url-no-slash] (fix: append a /)
}

// A secret prints as a placeholder wherever it ends up.
func ExampleSecret() {
	config := struct {
		User     string
		Password maskit.Secret
	}{"mas", maskit.NewSecret("hunter2")}
	fmt.Printf("%+v\n", config)
	// Output:
	// {User:mas Password:[redacted]}
}

// A finding is accepted by its code, and only as often as was looked at.
func ExampleProblems_Accept() {
	problems := maskit.Problems{{Path: "http.listeners[0]", Code: "health-public", Message: "serves health to everyone"}}
	fmt.Println(problems.Accept(maskit.Ack{Code: "health-public"}))
	// Output:
	// warning: http.listeners[0]: serves health to everyone [health-public]
}
