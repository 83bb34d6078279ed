package mascli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
)

// TestMain makes this program its own mas-cli: STUB says what it does.
func TestMain(m *testing.M) {
	if what := os.Getenv("STUB"); what != "" {
		os.Exit(stub(what, os.Getenv("STUB_ARG")))
	}
	os.Exit(m.Run())
}

func stub(what, arg string) int {
	switch what {
	case "exit":
		code, _ := strconv.Atoi(arg)
		return code
	case "say": // lines, "1" in front for stdout, "2" for stderr
		for line := range strings.SplitSeq(arg, "\n") {
			_, _ = fmt.Fprintln(map[byte]*os.File{'1': os.Stdout, '2': os.Stderr}[line[0]], line[1:])
		}
		return 1
	case "echo": // everything that it knows
		for _, variable := range os.Environ() {
			fmt.Fprintln(os.Stderr, "env", variable)
		}
		fmt.Println("args", os.Args[1:])
		return echoFiles()
	case "huge":
		block := strings.Repeat("x", 1<<20)
		for range 64 {
			fmt.Fprint(os.Stderr, block)
		}
		fmt.Fprint(os.Stderr, "\nlast line without an end")
		return 1
	case "signal":
		number, _ := strconv.Atoi(arg)
		_ = syscall.Kill(os.Getpid(), syscall.Signal(number))
		time.Sleep(time.Minute)
	case "hang":
		child := exec.CommandContext(context.Background(), "/bin/sleep", "300")
		_ = child.Start()
		fmt.Fprintln(os.Stderr, os.Getpid(), child.Process.Pid)
		time.Sleep(5 * time.Minute)
	}
	return 99
}

// echoFiles prints the working directory: modes, names and contents.
func echoFiles() int {
	dir, _ := os.Getwd()
	info, _ := os.Stat(dir)
	fmt.Println("dir", info.Mode(), dir)
	_ = walk("", func(name string, mode os.FileMode, content []byte) {
		fmt.Println("file", name, mode)
		fmt.Fprintln(os.Stderr, string(content))
	})
	return 0
}

func walk(dir string, visit func(string, os.FileMode, []byte)) error {
	entries, err := os.ReadDir("./" + dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := strings.TrimPrefix(dir+"/"+entry.Name(), "/")
		if entry.IsDir() {
			_ = walk(name, visit)
			continue
		}
		info, _ := entry.Info()
		content, _ := os.ReadFile(name)
		visit(name, info.Mode(), content)
	}
	return nil
}

// local runs the stub.
func local(t *testing.T, what, arg string) mascli.Local {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	return mascli.Local{Binary: binary, Dir: t.TempDir(), Env: []string{"STUB=" + what, "STUB_ARG=" + arg}}
}

// config holds secrets of several kinds.
func config() *mas.Config {
	secret := func(text string) mas.SecretValue { return mas.SecretValue{Inline: maskit.NewSecret(text)} }
	return &mas.Config{
		Database:  &mas.Database{URI: maskit.NewSecret("postgresql://mas:db%2Fsecret@db.example.com/mas?password=other+secret")},
		Matrix:    mas.Matrix{Homeserver: "example.com", Endpoint: "http://localhost:8008/", Secret: secret("matrix-secret")},
		Secrets:   mas.Secrets{Encryption: secret("0123456789abcdef"), Keys: []mas.SigningKey{{Key: secret("-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n")}}},
		Passwords: &mas.Passwords{Schemes: []mas.PasswordScheme{{Version: 1, Algorithm: mas.Bcrypt, Secret: secret(`pep"per`)}}},
	}
}
