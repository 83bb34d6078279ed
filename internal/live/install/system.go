package install

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// System installs the Debian packages that are missing. Where it cannot (no
// Debian, neither root nor passwordless sudo), the error names them.
func System(ctx context.Context, log io.Writer) error {
	packages := missingPackages(ctx)
	if len(packages) == 0 {
		return nil
	}
	apt, ok := aptCommand(ctx)
	if !ok {
		return missing("the Debian packages of the live tests", "`apt-get install "+strings.Join(packages, " ")+"` as root")
	}
	_, _ = fmt.Fprintf(log, "prepare: apt-get install %s\n", strings.Join(packages, " "))
	env := aptEnvironment()
	if err := run(ctx, log, env, apt[0], append(apt[1:], "update", "-q")...); err != nil {
		return err
	}
	install := append(apt[1:], "install", "-q", "-y", "--no-install-recommends")
	return run(ctx, log, env, apt[0], append(install, packages...)...)
}

// missingPackages looks for what each package is needed for, not for the
// package: a Python from elsewhere is as good as Debian's.
func missingPackages(ctx context.Context) []string {
	var packages []string
	if _, err := FindPostgres(); err != nil {
		packages = append(packages, "postgresql")
	}
	if _, err := findPython(ctx); err != nil {
		packages = append(packages, "python3-venv")
	}
	if findJava() != nil {
		packages = append(packages, "default-jre-headless")
	}
	if _, err := exec.LookPath("mvn"); err != nil {
		packages = append(packages, "maven")
	}
	for _, tool := range []struct{ program, name string }{{"node", "nodejs"}, {"npm", "npm"}} {
		if _, err := exec.LookPath(tool.program); err != nil {
			packages = append(packages, tool.name)
		}
	}
	for _, name := range proxies() {
		if _, err := findSystemProgram(name); err != nil {
			packages = append(packages, name)
		}
	}
	if _, err := FindOpenLDAP(); err != nil {
		packages = append(packages, "slapd")
	}
	return packages
}

// aptCommand is how to run apt-get with the right to install.
func aptCommand(ctx context.Context) ([]string, bool) {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return nil, false
	}
	if os.Geteuid() == 0 {
		return []string{apt}, true
	}
	sudo, err := exec.LookPath("sudo")
	if err != nil || exec.CommandContext(ctx, sudo, "-n", "true").Run() != nil {
		return nil, false
	}
	return append(append([]string{sudo, "-n"}, aptEnvironment()...), apt), true
}

// aptEnvironment makes apt-get ask nothing, and start none of the servers that
// it installs: the tests run their own. (invoke-rc.d starts nothing in runlevel 1.)
func aptEnvironment() []string { return []string{"DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"} }
