package routes_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func Example() {
	options := routes.Options{
		Site: maskit.Site{
			AccountURL:   "https://account.example.com/",
			ClientAPIURL: "https://matrix.example.com/",
			SynapseURL:   "http://synapse:8008/",
			MASURL:       "http://mas:8080/",
		},
		Listener: routes.Listener{Certificate: routes.Certificate{File: "/etc/ssl/matrix.pem"}},
	}
	config, problems := routes.HAProxy(options)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for line := range bytes.Lines(config) {
		if strings.Contains(string(line), "login/?") {
			fmt.Printf("%s", bytes.TrimSpace(line))
		}
	}
	// Output:
	// use_backend maskit_mas if maskit_client_api { path -m reg '^/_matrix/client/(api/v1|r0|v3|unstable)/login/?$' }
}

func ExampleTable_Route() {
	table, problems := routes.Options{Site: maskit.Site{
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}}.Table()
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for _, target := range []string{
		"/_matrix/client/v3/login",
		"/_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.com%2F",
		"/_matrix/client/v1/login/get_token",
		"/_matrix/client/v3/%6cogin",
		"/_synapse/mas/query_user",
	} {
		fmt.Println(target, "->", table.Route("GET", target))
	}
	fmt.Println(table.Decide(routes.ClientAPI, "GET", "/_synapse/mas/query_user").Reason)
	// Output:
	// /_matrix/client/v3/login -> MAS
	// /_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.com%2F -> MAS
	// /_matrix/client/v1/login/get_token -> Synapse
	// /_matrix/client/v3/%6cogin -> Synapse
	// /_synapse/mas/query_user -> denied
	// only MAS calls it, from inside
}
