package probe_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/probe"
)

// A homeserver that does not delegate yet.
func Example() {
	homeserver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "Synapse/1.163.2")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path == "/_matrix/client/versions" {
			_, _ = fmt.Fprint(w, `{"versions":["v1.15"]}`)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`)
	}))
	defer homeserver.Close()

	p, err := probe.New(probe.Config{Site: maskit.Site{ClientAPIURL: homeserver.URL + "/"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := p.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("Synapse", report.SynapseVersion)
	for _, check := range report.Checks {
		if check.Name == "client-edge" || check.Name == "delegation" {
			fmt.Println(check.Name, check.Status, "-", check.Hop)
		}
	}
	// Output:
	// Synapse 1.163.2
	// client-edge ok - client → edge
	// delegation failed - configuration of Synapse
}
