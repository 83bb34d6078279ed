package mas

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// longConfig is a configuration of about 3,000 lines.
func longConfig(b *testing.B) fstest.MapFS {
	b.Helper()
	c := bundle()
	provider := c.UpstreamOAuth2.Providers[0]
	for i := range 120 {
		provider.ID = provider.ID[:20] + provider.ID[20:24] + "0" + provider.ID[25:]
		provider.ClientID = fmt.Sprint("client-", i)
		c.UpstreamOAuth2.Providers = append(c.UpstreamOAuth2.Providers, provider)
	}
	out, problems := Render(c, RenderOptions{Layout: LayoutSingle})
	if problems.Err() != nil {
		b.Fatal(problems)
	}
	data := out.Files[0].Data()
	b.ReportMetric(float64(strings.Count(string(data), "\n")), "lines")
	return fstest.MapFS{"config.yaml": {Data: data}}
}

func BenchmarkParse3000Lines(b *testing.B) {
	fsys := longConfig(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems, err := Parse(fsys, "config.yaml"); err != nil || problems.Err() != nil {
			b.Fatal(problems, err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for _, layout := range []Layout{LayoutSingle, LayoutSplit} {
		b.Run(string(layout), func(b *testing.B) {
			c := bundle()
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := Render(c, RenderOptions{Layout: layout}); problems.Err() != nil {
					b.Fatal(problems)
				}
			}
		})
	}
}
