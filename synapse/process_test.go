package synapse_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse"
)

// TestPlanGolden runs each archive of testdata/process: the files in/*, loaded by
// the processes that "processes" lists, give the plan, out/* and the problems.
func TestPlanGolden(t *testing.T) {
	t.Parallel()
	golden.Archives(t, "testdata/process", planArchive)
}

func planArchive(t *testing.T, archive *txtar.Archive) []txtar.File {
	t.Helper()
	var got []txtar.File
	files := map[string]synapse.File{}
	for _, file := range archive.Files {
		name, isInput := strings.CutPrefix(file.Name, "in/")
		if isInput {
			files[name] = synapse.File{Name: name, Data: file.Data}
		}
		if isInput || file.Name == "processes" {
			got = append(got, file)
		}
	}
	processes := processesOf(t, string(archive.Files[0].Data), files)
	plan, problems := delegate().Plan(processes)
	for _, file := range plan.Patched.Files {
		if !bytes.Equal(file.Data, files[file.Name].Data) {
			got = append(got, txtar.File{Name: "out/" + file.Name, Data: file.Data})
		}
	}
	marshalled, err := json.MarshalIndent(plan, "", "  ")
	require.NoError(t, err)
	for _, out := range []string{plan.String(), string(marshalled), problems.String(), fmt.Sprintf("%+v", plan)} {
		require.NotContains(t, out, "hidden")
	}
	requirePlanIsDone(t, processes, plan)
	return withTexts(got, txtar.File{Name: "plan", Data: []byte(plan.String())},
		txtar.File{Name: "plan.json", Data: append(marshalled, '\n')}, txtar.File{Name: "problems", Data: []byte(problems.String() + "\n")})
}

// withTexts appends the files that hold more than a line break.
func withTexts(a []txtar.File, files ...txtar.File) []txtar.File {
	for _, file := range files {
		if len(file.Data) > 1 {
			a = append(a, file)
		}
	}
	return a
}

// processesOf reads lines of a name and the files of the process.
func processesOf(t *testing.T, text string, files map[string]synapse.File) []synapse.Process {
	t.Helper()
	var processes []synapse.Process
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		process := synapse.Process{Name: words[0]}
		for _, name := range words[1:] {
			require.Contains(t, files, name)
			process.Files = append(process.Files, files[name])
		}
		processes = append(processes, process)
	}
	return processes
}

// requirePlanIsDone: a plan for the patched files has nothing to do, and Undo
// gives the originals.
func requirePlanIsDone(t require.TestingT, processes []synapse.Process, plan synapse.Plan) {
	patched, originals := map[string]synapse.File{}, map[string]synapse.File{}
	for _, file := range plan.Patched.Files {
		patched[file.Name] = file
	}
	var after []synapse.Process
	for _, process := range processes {
		next := synapse.Process{Name: process.Name}
		for _, file := range process.Files {
			originals[file.Name] = file
			next.Files = append(next.Files, patched[file.Name])
		}
		after = append(after, next)
	}
	again, _ := delegate().Plan(after)
	require.Empty(t, again.Patched.Changes)
	for _, process := range again.Processes {
		require.False(t, process.Changes)
		require.Empty(t, process.Stops)
	}
	reverted, err := synapse.Revert(plan.Patched.Files, plan.Patched.Undo)
	require.NoError(t, err)
	for _, file := range reverted {
		require.Equal(t, originals[file.Name], file)
	}
}

func TestPlanRefusesWhatItCannotTellApart(t *testing.T) {
	t.Parallel()
	file := func(name, text string) []synapse.File { return []synapse.File{{Name: name, Data: []byte(text)}} }
	good := file("a.yaml", "server_name: example.com\n")
	for name, tc := range map[string]struct {
		processes []synapse.Process
		want      string
	}{
		"nothing":                 {nil, "error no-processes "},
		"no name":                 {[]synapse.Process{{Files: good}}, "error required [0]"},
		"a name twice":            {[]synapse.Process{{Name: "a", Files: good}, {Name: "a", Files: good}}, "error duplicate-process a"},
		"no files":                {[]synapse.Process{{Name: "a"}}, "error no-files "},
		"a file of two contents":  {[]synapse.Process{{Name: "a", Files: good}, {Name: "b", Files: file("a.yaml", "x: 1\n")}}, "error file-differs a.yaml"},
		"a file that is not YAML": {[]synapse.Process{{Name: "a", Files: file("a.yaml", "- x\n")}}, "error not-a-mapping "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan, problems := delegate().Plan(tc.processes)
			require.Empty(t, plan.Processes)
			require.Equal(t, []string{tc.want}, findings(problems))
		})
	}
	d := delegate()
	d.SecretPath = ""
	_, problems := d.Plan([]synapse.Process{{Name: "a", Files: good}})
	require.Equal(t, []string{"error required secret_path"}, findings(problems))
}
