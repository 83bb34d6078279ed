package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/maskit-dev/maskit/migrate"
)

// progress shows events: as a bar on a terminal, and as a line every few seconds and at
// the end of each stage elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	bar      *progressbar.ProgressBar
	stage    migrate.Stage
	rows     map[migrate.Entity]migrate.Event
	printed  time.Time
}

// pause is how long no line is printed after one.
const pause = 5 * time.Second

func newProgress(out io.Writer) *progress {
	file, isFile := out.(*os.File)
	return &progress{out: out, terminal: isFile && term.IsTerminal(int(file.Fd())), rows: map[migrate.Entity]migrate.Event{}}
}

func (p *progress) show(e migrate.Event) {
	if e.Stage != p.stage {
		p.begin(e)
	}
	if e.Entity != "" {
		p.rows[e.Entity] = e
	}
	if e.Done && e.Entity == "" && e.Object == "" {
		p.end()
		return
	}
	if p.terminal {
		p.draw(e)
		return
	}
	p.print(e)
}

// begin starts the bar of a stage.
func (p *progress) begin(e migrate.Event) {
	p.end()
	p.stage, p.rows, p.printed = e.Stage, map[migrate.Entity]migrate.Event{}, e.Time
	if p.terminal {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(string(e.Stage)),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
	p.stage = ""
}

// sum adds up what is known of all entities.
func (p *progress) sum() (rows, total int64) {
	for _, e := range p.rows {
		rows, total = rows+e.Rows, total+max(e.Total, e.Rows)
	}
	return rows, total
}

func (p *progress) draw(e migrate.Event) {
	if e.Object != "" || e.Message != "" {
		p.bar.Describe(fmt.Sprintf("%s %s%s", e.Stage, e.Object, e.Message))
	}
	if rows, total := p.sum(); rows > 0 {
		p.bar.ChangeMax64(max(total, rows+1))
		_ = p.bar.Set64(rows)
	}
}

func (p *progress) print(e migrate.Event) {
	if e.Time.Sub(p.printed) < pause {
		return
	}
	p.printed = e.Time
	line := string(e.Stage)
	for _, part := range []string{string(e.Entity), e.Object, e.Message} {
		if part != "" {
			line += " " + part
		}
	}
	if rows, total := p.sum(); rows > 0 {
		line += fmt.Sprintf(": %d of %d rows", rows, total)
	}
	if e.Remaining > 0 {
		line += fmt.Sprintf(", about %s left", e.Remaining.Round(time.Second))
	}
	_, _ = fmt.Fprintln(p.out, line)
}
