package synapse_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

// What delegation means for the processes of a worker deployment.
func ExampleDelegate_Plan() {
	shared := synapse.File{Name: "homeserver.yaml", Data: []byte(`server_name: example.com
session_lifetime: 30d
listeners:
  - {port: 8008, type: http, resources: [{names: [client]}]}
`)}
	worker := synapse.File{Name: "worker1.yaml", Data: []byte("worker_app: synapse.app.federation_sender\n")}
	delegate := synapse.Delegate{Site: maskit.Site{MASURL: "http://mas:8080/"}, SecretPath: "/run/secrets/mas"}

	plan, problems := delegate.Plan([]synapse.Process{
		{Name: "main", Files: []synapse.File{shared}},
		{Name: "worker1", Files: []synapse.File{shared, worker}},
	})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// PROCESS  RUNS               DELEGATES    WOULD NOT START FOR  NEEDS SECRET  SERVES MAS  CHANGES
	// main     homeserver         from now on  1 setting            yes           yes         yes
	// worker1  federation_sender  from now on  1 setting            yes           -           yes
	//
	// FILE             CHANGES    LOADED BY
	// homeserver.yaml  2 changes  main, worker1
	// worker1.yaml     -          worker1
	//
	// SETTING           AT                   WOULD STOP
	// session_lifetime  homeserver.yaml:2:1  main, worker1
}
