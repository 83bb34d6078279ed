package scale

import (
	"fmt"
	"math"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/tokenbucket"
)

// Rate is a token bucket: Burst attempts at once, and PerSecond attempts per
// second in the long run. MAS has one for each of its rate limits.
type Rate struct {
	// Burst is at least 1.
	Burst uint32 `yaml:"burst" json:"burst"`
	// PerSecond is greater than 0.
	PerSecond float64 `yaml:"per_second" json:"per_second"`
}

// Share is a rate limit divided among replicas.
type Share struct {
	// Replicas is the number that the limit was divided by.
	Replicas int `json:"replicas"`
	// PerReplica is what to configure.
	PerReplica Rate `json:"per_replica"`
	// Effective is what all replicas allow together.
	Effective Rate `json:"effective"`
}

// SplitRate divides a limit for the whole deployment among the most servers that
// the autoscaler may start.
//
// MAS counts in memory, each server for itself, and forgets at a restart: N
// servers allow N times what is configured. Dividing by the most servers keeps
// the limit at every moment but during a rolling update. Its price is that fewer
// servers allow less: Autoscaling.Min of them only Autoscaling.Min times
// Share.PerReplica.
func (s Sizing) SplitRate(path string, target Rate) (Share, maskit.Problems) {
	return SplitRate(path, target, s.Autoscaling.Max)
}

// SplitRate divides a limit for the whole deployment among replicas.
//
// A burst is a whole number, rounded down, and at least 1: where the deployment
// then allows more at once than the target, a warning with the code
// "rate-limit-exceeded" says so. Path is the YAML path of the limit, such as
// "rate_limiting.login.per_ip".
func SplitRate(path string, target Rate, replicas int) (Share, maskit.Problems) {
	problems := append(checkRange("replicas", replicas, 1, serversMost), target.validate(path)...)
	if problems.Err() != nil {
		return Share{}, problems
	}
	bucket := tokenbucket.Bucket(target).Share(replicas)
	each := Rate(bucket)
	if !bucket.Refills() {
		return Share{}, append(problems, maskit.Problem{
			Path: path + ".per_second", Code: "rate-too-small",
			Message: fmt.Sprintf("is %v: one of %d replicas would take more than 500 years to refill its burst, and MAS cannot count that long", target.PerSecond, replicas),
			Hint:    "raise it, or lower the burst",
		})
	}
	share := Share{
		Replicas: replicas, PerReplica: each,
		Effective: Rate{
			Burst:     uint32(min(bucket.Together(replicas), math.MaxUint32)),
			PerSecond: each.PerSecond * float64(replicas),
		},
	}
	if share.Effective.Burst > target.Burst {
		problems = append(problems, maskit.Problem{
			Path: path + ".burst", Code: "rate-limit-exceeded", Severity: maskit.SeverityWarning,
			Message: fmt.Sprintf("%d replicas allow %d attempts at once together, the limit is %d: each replica allows at least one",
				replicas, share.Effective.Burst, target.Burst),
			Hint: fmt.Sprintf("raise the burst to %d, or run fewer replicas", replicas),
		})
	}
	return share, problems
}

func (r Rate) validate(path string) maskit.Problems {
	var problems maskit.Problems
	if r.Burst == 0 {
		problems = append(problems, outOfRange(path+".burst", "0", "1", fmt.Sprint(uint32(math.MaxUint32))))
	}
	if !(r.PerSecond > 0 && r.PerSecond <= tokenbucket.MaxPerSecond) { // so that NaN is caught
		problems = append(problems, maskit.Problem{
			Path: path + ".per_second", Code: "out-of-range",
			Message: fmt.Sprintf("is %v, but must be more than 0 and at most %v", r.PerSecond, float64(tokenbucket.MaxPerSecond)),
		})
	}
	return problems
}
