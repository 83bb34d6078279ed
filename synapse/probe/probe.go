package probe

import (
	"context"
	"fmt"
	"sync"

	"github.com/maskit-dev/maskit/internal/httpx"
)

// parallel is how many requests one address gets at once.
const parallel = 4

// Run asks all questions and judges the answers. Its error is that of the
// context; a report that would be incomplete for this reason is not returned.
func (p *Probe) Run(ctx context.Context) (Report, error) {
	bounded, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	answers := p.ask(bounded)
	if err := ctx.Err(); err != nil {
		return Report{}, fmt.Errorf("probe: run: %w", err)
	}
	return judge(p.cfg, answers), nil
}

// ask asks every address its questions, all addresses at once.
func (p *Probe) ask(ctx context.Context) answers {
	all := answers{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, list := range questions(p.cfg) {
		wg.Go(func() {
			got := p.askOne(ctx, list)
			mu.Lock()
			defer mu.Unlock()
			for i, q := range list {
				all[q.key] = got[i]
			}
		})
	}
	wg.Wait()
	return all
}

// askOne asks one address. When the first question gets no answer, the others
// are not asked: they would share its fate, after as much time.
func (p *Probe) askOne(ctx context.Context, list []question) []answer {
	got := make([]answer, len(list))
	got[0] = p.answer(ctx, list[0])
	if got[0].response == nil {
		for i, q := range list {
			got[i] = answer{url: httpx.Redact(q.URL), err: got[0].err}
		}
		return got
	}
	var wg sync.WaitGroup
	free := make(chan struct{}, parallel)
	for i, q := range list[1:] {
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			got[i+1] = p.answer(ctx, q)
		})
	}
	wg.Wait()
	return got
}

func (p *Probe) answer(ctx context.Context, q question) answer {
	response, err := p.client.Do(ctx, q.Request)
	return answer{url: httpx.Redact(q.URL), response: response, err: err}
}
