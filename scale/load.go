package scale

import (
	"fmt"
	"math"

	"github.com/maskit-dev/maskit"
)

// Load is what the deployment has to carry. Only Users is required; each other
// field that is zero is derived.
type Load struct {
	// Users is the number of accounts. Required, up to 100 million.
	Users int `yaml:"users" json:"users"`
	// DailyActive is how many different people come on a busy day. Default: half
	// of Users (starting point).
	DailyActive int `yaml:"daily_active" json:"daily_active"`
	// OnlineDevices is how many devices are connected at the busiest moment: open
	// applications, not registered devices. Default: DailyActive.
	OnlineDevices int `yaml:"online_devices" json:"online_devices"`
	// SynapseProcesses is how many Synapse processes serve clients: the main
	// process and the workers behind the client API. Each asks MAS for itself.
	// Default: one, and one more per 2,500 online devices, up to 1,000 (starting point).
	SynapseProcesses int `yaml:"synapse_processes" json:"synapse_processes"`
	// LoginsPerSecond is how many people log in per second at the busiest time.
	// Default: a tenth of DailyActive within one hour (starting point). After a
	// change that logs everybody out it is far more.
	LoginsPerSecond float64 `yaml:"logins_per_second" json:"logins_per_second"`
	// PasswordLogin says that MAS checks passwords itself. Default: no, the
	// identity provider does.
	PasswordLogin bool `yaml:"password_login" json:"password_login"`
}

// WithDefaults returns a copy in which every field has a value.
func (l Load) WithDefaults() Load {
	if l.DailyActive == 0 {
		l.DailyActive = int(math.Ceil(float64(l.Users) * activeShare))
	}
	if l.OnlineDevices == 0 {
		l.OnlineDevices = l.DailyActive
	}
	if l.SynapseProcesses == 0 {
		l.SynapseProcesses = min(1+l.OnlineDevices/devicesPerProcess, synapseProcesses)
	}
	if l.LoginsPerSecond == 0 {
		l.LoginsPerSecond = float64(l.DailyActive) * peakLoginShare / secondsOfPeakHour
	}
	return l
}

// Validate reports numbers that cannot be meant.
func (l Load) Validate() maskit.Problems {
	problems := checkRange("users", l.Users, 1, 100_000_000)
	problems = append(problems, checkRange("daily_active", l.DailyActive, 0, 100_000_000)...)
	problems = append(problems, checkRange("online_devices", l.OnlineDevices, 0, 100_000_000)...)
	problems = append(problems, checkRange("synapse_processes", l.SynapseProcesses, 0, 10_000)...)
	if !(l.LoginsPerSecond >= 0 && l.LoginsPerSecond <= 2_000) { // so that NaN is caught
		problems = append(problems, outOfRange("logins_per_second", fmt.Sprint(l.LoginsPerSecond), "0", "2000"))
	}
	if l.Users > 0 && l.DailyActive > l.Users {
		problems = append(problems, maskit.Problem{
			Path: "daily_active", Code: "more-active-than-users",
			Message: fmt.Sprintf("is %d, but there are only %d users", l.DailyActive, l.Users),
			Hint:    "count people, not devices or sessions",
		})
	}
	return problems
}

func checkRange(path string, value, least, most int) maskit.Problems {
	if value >= least && value <= most {
		return nil
	}
	return maskit.Problems{outOfRange(path, fmt.Sprint(value), fmt.Sprint(least), fmt.Sprint(most))}
}

func outOfRange(path, value, least, most string) maskit.Problem {
	return maskit.Problem{
		Path: path, Code: "out-of-range",
		Message: fmt.Sprintf("is %s, but must lie between %s and %s", value, least, most),
	}
}
