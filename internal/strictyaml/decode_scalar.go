package strictyaml

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// text decodes a value whose type reads text itself, such as maskit.Secret.
func (d *decoder) text(at place, n *Node, out reflect.Value) {
	if !d.expect(at, n, String) {
		return
	}
	fresh := reflect.New(out.Type())
	if err := fresh.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Text)); err != nil {
		d.report(at, "invalid-value", err.Error(), "")
		return
	}
	out.Set(fresh.Elem())
}

func (d *decoder) scalar(at place, n *Node, out reflect.Value) {
	switch out.Kind() {
	case reflect.String:
		d.string(at, n, out)
	case reflect.Bool:
		if d.expect(at, n, Bool) {
			out.SetBool(strings.EqualFold(n.Text, "true"))
		}
	case reflect.Float32, reflect.Float64:
		d.float(at, n, out)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.unsigned(at, n, out)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.signed(at, n, out)
	default:
		d.report(at, "unsupported-type", "cannot be read: "+out.Type().String(), "")
	}
}

func (d *decoder) string(at place, n *Node, out reflect.Value) {
	if !d.expect(at, n, String) {
		return
	}
	if d.Enum != nil {
		if values := d.Enum(out.Type()); values != nil && !d.member(at, n.Text, values) {
			return
		}
	}
	out.SetString(n.Text)
}

func (d *decoder) member(at place, text string, values []string) bool {
	for _, v := range values {
		if v == text {
			return true
		}
	}
	hint := ""
	if meant := Closest(strings.ToLower(text), values); meant != "" {
		hint = fmt.Sprintf("did you mean %q?", meant)
	}
	d.report(at, "unknown-value", "must be one of "+strings.Join(values, ", "), hint)
	return false
}

func (d *decoder) float(at place, n *Node, out reflect.Value) {
	f, err := parseFloat(n.Text)
	if n.Kind != Float && n.Kind != Int || err != nil {
		d.report(at, "wrong-type", "must be a number, is "+n.Kind.String(), numberHint(n))
		return
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		d.report(at, "out-of-range", "must be a finite number", "")
		return
	}
	out.SetFloat(f)
}

func (d *decoder) unsigned(at place, n *Node, out reflect.Value) {
	if !d.integer(at, n) {
		return
	}
	u, negative, err := parseInteger(n.Text)
	if err != nil || negative || out.OverflowUint(u) {
		d.report(at, "out-of-range", fmt.Sprintf("must be between 0 and %d", uint64(math.MaxUint64)>>(64-out.Type().Bits())), "")
		return
	}
	out.SetUint(u)
}

func (d *decoder) signed(at place, n *Node, out reflect.Value) {
	if !d.integer(at, n) {
		return
	}
	i, ok := toInt64(n.Text)
	if !ok || out.OverflowInt(i) {
		d.report(at, "out-of-range", fmt.Sprintf("must be an integer of %d bits", out.Type().Bits()), "")
		return
	}
	out.SetInt(i)
}

func toInt64(text string) (int64, bool) {
	u, negative, err := parseInteger(text)
	switch {
	case err != nil:
		return 0, false
	case negative && u <= -math.MinInt64:
		return -int64(u-1) - 1, true //nolint:gosec // in range, checked
	case !negative && u <= math.MaxInt64:
		return int64(u), true
	}
	return 0, false
}

func (d *decoder) integer(at place, n *Node) bool {
	if n.Kind == Int {
		return true
	}
	d.report(at, "wrong-type", "must be an integer, is "+n.Kind.String(), numberHint(n))
	return false
}

// numberHint helps those who quoted a number, or wrote a duration with its unit.
// The number shown is one that the value had to be anyway, so it is no secret.
func numberHint(n *Node) string {
	if n.Kind != String {
		return ""
	}
	if k := plainKind(n.Text); k == Int || k == Float {
		return "remove the quotes"
	}
	text := strings.ReplaceAll(n.Text, " ", "")
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if count, err := strconv.ParseUint(days, 10, 16); err == nil {
			return secondsHint(time.Duration(count) * 24 * time.Hour)
		}
	}
	if duration, err := time.ParseDuration(text); err == nil {
		return secondsHint(duration)
	}
	return ""
}

func secondsHint(d time.Duration) string {
	if d < 0 || d%time.Second != 0 {
		return "durations are whole numbers of seconds, without a unit"
	}
	return fmt.Sprintf("write %d: durations are whole numbers of seconds, without a unit", int64(d/time.Second))
}
