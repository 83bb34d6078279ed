package synapse

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// judge reports what is wrong with the processes beside each other, and what
// delegation makes useless.
func (p Plan) judge(before []config) maskit.Problems {
	problems := append(p.judgeMain(), p.judgeAgreement()...)
	for i, process := range p.Processes {
		problems = append(problems, process.judge(before[i])...)
	}
	return append(problems, p.judgeListeners()...)
}

// judgeMain makes sure that there is one main process.
func (p Plan) judgeMain() maskit.Problems {
	mains := p.named(func(p PlannedProcess) bool { return p.App == mainApp })
	switch len(mains) {
	case 0:
		return maskit.Problems{{
			Path: "worker_app", Code: "main-missing", Severity: maskit.SeverityWarning,
			Message: "none of the processes is the main one", Hint: "plan all processes together: they must change together",
		}}
	case 1:
		return nil
	}
	return maskit.Problems{{
		Path: "worker_app", Code: "main-twice", Message: "is set by none of the files of " + list(mains) + ", so each of them is a main process, of which there can be one only",
		Hint: "give the workers their own file, too",
	}}
}

// judgeAgreement compares how the processes delegate.
func (p Plan) judgeAgreement() maskit.Problems {
	problems := agreement(p.Processes, maskit.SeverityWarning, "now", func(p PlannedProcess) Delegation { return p.Before })
	return append(problems, agreement(p.Processes, maskit.SeverityError, "with these files, too,", func(p PlannedProcess) Delegation { return p.After })...)
}

func agreement(processes []PlannedProcess, severity maskit.Severity, when string, of func(PlannedProcess) Delegation) maskit.Problems {
	var on, off []string
	settings := map[string][]string{}
	var order []string
	for _, process := range processes {
		d := of(process)
		if !d.Enabled {
			off = append(off, process.Name)
			continue
		}
		on = append(on, process.Name)
		key := d.Endpoint + "\x00" + d.SecretPath + fmt.Sprint(d.InlineSecret)
		if settings[key] == nil {
			order = append(order, key)
		}
		settings[key] = append(settings[key], process.Name)
	}
	var problems maskit.Problems
	if len(on) > 0 && len(off) > 0 {
		problems = append(problems, maskit.Problem{
			Path: sectionKey, Code: "processes-disagree", Severity: severity,
			Message: fmt.Sprintf("%s %s delegate to MAS and %s do not: those refuse MAS's access tokens, and clients take that for a logout", when, list(on), list(off)),
			Hint:    "give all processes the same section, and restart them together",
		})
	}
	if len(order) > 1 {
		problems = append(problems, maskit.Problem{
			Path: sectionKey, Code: "processes-differ", Severity: severity,
			Message: fmt.Sprintf("%s %s and %s have different endpoints or secrets", when, list(settings[order[0]]), list(settings[order[1]])),
			Hint:    "keep one section, in the file that all processes load",
		})
	}
	return problems
}

// judge reports what is wrong with one process by itself.
func (p PlannedProcess) judge(c config) maskit.Problems {
	var problems maskit.Problems
	app, ok := c.find("worker_app")
	if ok && p.App == notShown {
		problems = append(problems, app.problem("worker-app-unknown", "is no kind of worker that Synapse has, and "+p.Name+" does not start", "write synapse.app.generic_worker"))
	}
	listeners, own := c.find("listeners")
	if _, ok := c.find("worker_listeners"); own && !ok && p.App != mainApp && listeners.file == app.file && len(c) > 1 {
		problem := listeners.problem("listeners-ignored", "counts for the main process only: "+p.Name+" listens nowhere", "write worker_listeners")
		problem.Severity = maskit.SeverityWarning
		problems = append(problems, problem)
	}
	if name := p.Name + " " + workerName(c); strings.Contains(strings.NewReplacer("_", "-").Replace(name), "sso-login") {
		problems = append(problems, maskit.Problem{
			Path: p.Name, Code: "sso-login-worker", Severity: maskit.SeverityWarning,
			Message: "seems to be there for /_matrix/client/*/login/sso, which MAS answers once Synapse delegates",
			Hint:    "route these requests to MAS, and stop the worker",
		})
	}
	return problems
}

func workerName(c config) string {
	name, ok := c.find("worker_name")
	if !ok {
		return ""
	}
	return name.Scalar().Text
}

// judgeListeners makes sure that MAS can reach Synapse.
func (p Plan) judgeListeners() maskit.Problems {
	if len(p.named(func(p PlannedProcess) bool { return p.ServesMAS })) > 0 {
		return nil
	}
	return maskit.Problems{{
		Path: "listeners", Code: "client-listener-missing", Severity: maskit.SeverityWarning,
		Message: "no process has an HTTP listener for the resource client, so none serves /_synapse/mas, which MAS needs",
		Hint:    "add one, and let MAS reach it (Site.SynapseURL)",
	}}
}

// named lists the processes for which something holds.
func (p Plan) named(holds func(PlannedProcess) bool) []string {
	var names []string
	for _, process := range p.Processes {
		if holds(process) {
			names = append(names, process.Name)
		}
	}
	return names
}

// list names a few processes, and counts the others.
func list(names []string) string {
	const shown = 3
	if len(names) > shown+1 {
		return fmt.Sprintf("%s and %d others", strings.Join(names[:shown], ", "), len(names)-shown)
	}
	return strings.Join(names, ", ")
}
