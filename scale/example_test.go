package scale_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/scale"
)

func Example() {
	sizing, problems := scale.For(scale.Load{Users: 20_000, PasswordLogin: true})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d to %d servers with %d millicores and %d MiB, %d workers\n",
		sizing.Autoscaling.Min, sizing.Autoscaling.Max,
		sizing.Server.Resources.CPURequest, sizing.Server.Resources.MemoryLimit, sizing.Worker.Replicas)

	// What mas.Builder.Capacity takes.
	servers, workers, pool := sizing.Capacity()
	fmt.Println("capacity:", servers, workers, pool)

	budget, problems := sizing.Connections(scale.PostgreSQL{MaxConnections: 200, OtherClients: 60})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("connections: %d of %d\n", budget.Needed, budget.Available)

	// At most 10 failed logins at once per address, and 1 per second, in the whole deployment.
	share, _ := sizing.SplitRate("rate_limiting.login.per_ip", scale.Rate{Burst: 10, PerSecond: 1})
	fmt.Printf("each server: %+v\ntogether:    %+v\n", share.PerReplica, share.Effective)
	// Output:
	// 2 to 4 servers with 300 millicores and 960 MiB, 2 workers
	// capacity: 4 2 10
	// connections: 90 of 137
	// each server: {Burst:2 PerSecond:0.25}
	// together:    {Burst:8 PerSecond:1}
}

func ExampleExplain() {
	steps, _ := scale.Explain(scale.Load{Users: 1_000})
	for _, step := range steps[5:8] {
		fmt.Println(step.What, step.Value, "=", step.How)
	}
	// Output:
	// introspections per token life 3 = ceil(300 s / 120 s)
	// Synapse processes that a device meets 1 = min(1, 4)
	// introspections per second 5 = 500 × 3 × 1 / 300 s
}
