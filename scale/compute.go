package scale

import (
	"fmt"
	"math"

	"github.com/maskit-dev/maskit"
)

// size computes the sizing and writes down each step.
func size(load Load) (Sizing, ledger, maskit.Problems) {
	problems := load.Validate()
	if problems.Err() != nil {
		return Sizing{}, ledger{}, problems
	}
	if most := XXLarge.Load().Users; load.Users > most {
		problems = append(problems, maskit.Problem{
			Path: "users", Code: "beyond-tiers", Severity: maskit.SeverityInfo,
			Message: fmt.Sprintf("is more than %d, the largest load that the rules were thought through for", most),
		})
	}
	var book ledger
	book.defaults(load)
	load = load.WithDefaults()
	s := Sizing{Load: load, Tier: tierOf(load.Users)}
	demand := book.demand(load)
	s.Server, s.Autoscaling = book.servers(load, demand)
	s.Worker = book.workers(load)
	return s, book, problems
}

// demand is the CPU demand of the busiest moment in millicores: milliseconds of
// processor time per second.
func (b *ledger) demand(l Load) float64 {
	perLife := math.Ceil(float64(tokenLifetime) / introspectionTTL)
	touched := float64(min(l.SynapseProcesses, touchedProcesses))
	online := float64(l.OnlineDevices)

	b.add("introspections per token life", perLife, "ceil(%d s / %d s)", args(tokenLifetime, introspectionTTL), "MAS access_token_ttl, Synapse cache")
	b.add("Synapse processes that a device meets", touched, "min(%d, %d)", args(l.SynapseProcesses, touchedProcesses), "starting point")
	introspections := b.add("introspections per second", online*perLife*touched/tokenLifetime,
		"%d × %v × %v / %d s", args(l.OnlineDevices, perLife, touched, tokenLifetime), "")
	refreshes := b.add("token refreshes per second", online/tokenLifetime, "%d / %d s", args(l.OnlineDevices, tokenLifetime), "")
	perLogin := b.add("CPU per login, ms", loginCost, "%d", args(loginCost), "starting point")
	if l.PasswordLogin {
		perLogin = b.add("CPU per login by password, ms", perLogin+passwordCost, "%v + %d", args(perLogin, passwordCost), "measured, bcrypt cost 12")
	}
	return b.add("CPU demand, millicores", introspections*introspectionCost+refreshes*refreshCost+l.LoginsPerSecond*perLogin,
		"%s × %v ms + %s × %v ms + %s × %v ms",
		args(number(introspections), introspectionCost, number(refreshes), refreshCost, number(l.LoginsPerSecond), perLogin), "measured costs")
}

// servers first lets two servers grow up to a core each, then adds servers, so
// that neither number ever falls when the demand rises.
func (b *ledger) servers(l Load, demand float64) (Role, Autoscaling) {
	capacity := b.add("CPU to provide, millicores", demand*100/cpuTarget, "%s / %d %%", args(number(demand), cpuTarget), "starting point")
	cpu := roundUp(capacity/serversLeast, cpuStep, cpuLeast, cpuMost)
	b.add("CPU request of a server, millicores", float64(cpu), "%s / %d, in steps of %d, from %d to %d",
		args(number(capacity), serversLeast, cpuStep, cpuLeast, cpuMost), "starting point")
	replicas := max(serversLeast, int(math.Ceil(capacity/float64(cpu))))
	b.add("servers", float64(replicas), "max(%d, ceil(%s / %d))", args(serversLeast, number(capacity), cpu), "")
	most := replicas + max(2, ceilDiv(replicas, 2))
	b.add("servers at most", float64(most), "%d + max(2, ceil(%d / 2))", args(replicas, replicas), "starting point")

	role := newRole(replicas, most, cpu)
	if l.PasswordLogin {
		role.Resources.MemoryRequest = 2 * memoryRequest
		role.Resources.MemoryLimit = roundUp(memoryLimit+passwordChecks*passwordMemory, memoryStep, 0, math.MaxInt)
		b.add("memory limit of a server, MiB", float64(role.Resources.MemoryLimit), "%d + %d × %d, in steps of %d",
			args(memoryLimit, passwordChecks, passwordMemory, memoryStep), "starting point, measured per argon2id check")
	} else {
		b.add("memory limit of a server, MiB", memoryLimit, "%d", args(memoryLimit), "starting point")
	}
	return role, Autoscaling{Min: replicas, Max: most, TargetCPU: cpuTarget, StabilizationSeconds: stabilization}
}

func (b *ledger) workers(l Load) Role {
	jobs := b.add("jobs per second", l.LoginsPerSecond*jobsPerLogin, "%s × %d", args(number(l.LoginsPerSecond), jobsPerLogin), "starting point")
	least := 1
	if l.Users > singleWorkerUsers {
		least = 2 // without a worker new users cannot log in
	}
	replicas := max(least, int(math.Ceil(jobs/jobsPerWorker)))
	b.add("workers", float64(replicas), "max(%d, ceil(%s / %d))", args(least, number(jobs), jobsPerWorker), "starting point")
	return newRole(replicas, replicas, cpuLeast)
}

// newRole fills in what follows from the number of replicas, of which there can be
// most, and the size of each.
func newRole(replicas, most, cpu int) Role {
	unavailable := 0
	if replicas > 1 {
		unavailable = 1
	}
	return Role{
		Replicas: replicas, MaxSurge: surge(most), MaxUnavailable: unavailable,
		Resources: Resources{CPURequest: cpu, MemoryRequest: memoryRequest, MemoryLimit: memoryLimit},
		Pool:      Pool{Max: defaultPool, Min: poolLeast},
	}
}

// roundUp rounds to the next multiple of step, within least and most.
func roundUp(x float64, step, least, most int) int {
	return min(max(int(math.Ceil(x/float64(step)))*step, least), most)
}

// surge is how many replicas a rolling update adds to replicas: a quarter.
func surge(replicas int) int { return ceilDiv(replicas, 4) }

func ceilDiv(a, b int) int { return (a + b - 1) / b }
