package scale

import "github.com/maskit-dev/maskit"

// Sizing is how large a deployment should be.
type Sizing struct {
	// Load is the load that it was computed for, with all defaults.
	Load Load `json:"load"`
	// Tier is the smallest tier that has room for the users.
	Tier Tier `json:"tier"`
	// Server are the processes that answer requests (mas-cli server --no-worker).
	Server Role `json:"server"`
	// Worker are the processes that run jobs: they create users and devices in
	// Synapse, and send mail.
	Worker Role `json:"worker"`
	// Autoscaling bounds the number of servers. Without autoscaling, run
	// Server.Replicas.
	Autoscaling Autoscaling `json:"autoscaling"`
}

// Role is one kind of process.
type Role struct {
	// Replicas is how many to run at the busiest time.
	Replicas int `json:"replicas"`
	// MaxSurge is how many more may run during a rolling update, which lets none
	// of the old ones go before a new one is ready: one, or a quarter of the most
	// there can be.
	MaxSurge int `json:"max_surge"`
	// MaxUnavailable is the budget of a PodDisruptionBudget; zero means to have
	// none, because with a single replica it would block every drain of a node.
	MaxUnavailable int `json:"max_unavailable"`
	// Resources of each process.
	Resources Resources `json:"resources"`
	// Pool of each process.
	Pool Pool `json:"pool"`
}

// Resources are for one process. There is no CPU limit: throttling would slow
// down password checks, on which everybody waits.
type Resources struct {
	// CPURequest in millicores.
	CPURequest int `json:"cpu_request"`
	// MemoryRequest in MiB.
	MemoryRequest int `json:"memory_request"`
	// MemoryLimit in MiB.
	MemoryLimit int `json:"memory_limit"`
}

// Pool bounds the database connections of one process: database.max_connections
// and database.min_connections.
type Pool struct {
	Max int `json:"max"`
	Min int `json:"min"`
}

// Autoscaling is a horizontal autoscaler on CPU.
type Autoscaling struct {
	// Min is the least number of replicas.
	Min int `json:"min"`
	// Max is the most.
	Max int `json:"max"`
	// TargetCPU is the wanted use in per cent of the CPU request.
	TargetCPU int `json:"target_cpu"`
	// StabilizationSeconds is how long the load must be low before replicas go.
	StabilizationSeconds int `json:"stabilization_seconds"`
}

// For sizes a deployment for a load.
func For(load Load) (Sizing, maskit.Problems) {
	sizing, _, problems := size(load)
	return sizing, problems
}

// Capacity returns the three numbers that configure MAS: the most servers there
// can be, which is what rate limits and connections must be computed for, the
// workers, and the pool of each process.
func (s Sizing) Capacity() (servers, workers, pool int) {
	return s.Autoscaling.Max, s.Worker.Replicas, s.Server.Pool.Max
}
