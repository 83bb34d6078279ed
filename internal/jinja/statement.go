package jinja

func (r *run) all(body []statement) error {
	for _, s := range body {
		if err := r.step(); err != nil {
			return err
		}
		if err := s.exec(r); err != nil {
			return err
		}
	}
	return nil
}

func (s text) exec(r *run) error {
	r.out.WriteString(s.text)
	return r.allocate(len(s.text))
}

func (s output) exec(r *run) error {
	v, err := s.of.eval(r)
	if err != nil {
		return err
	}
	printed, err := r.show(v)
	r.out.WriteString(printed)
	if err != nil {
		return err
	}
	return r.allocate(len(printed))
}

func (s branch) exec(r *run) error {
	condition, err := s.condition.eval(r)
	switch {
	case err != nil:
		return err
	case condition.truth():
		return r.all(s.then)
	}
	return r.all(s.otherwise)
}

func (s set) exec(r *run) error {
	v, err := s.value.eval(r)
	if err == nil {
		r.top().set(s.name, v)
	}
	return err
}

func (s setAttribute) exec(r *run) error {
	v, err := s.value.eval(r)
	if err != nil {
		return err
	}
	of, err := s.of.eval(r)
	if err != nil {
		return err
	}
	ns, ok := of.ref.(*namespace)
	if !ok {
		return failed("an attribute of %v is set: only a namespace has attributes that can be set", of.kind)
	}
	ns.set(textOf(s.name), v)
	return r.allocateItems(1)
}

func (s with) exec(r *run) error {
	r.frames = append(r.frames, frame{})
	defer func() { r.frames = r.frames[:len(r.frames)-1] }()
	for i, name := range s.names {
		v, err := s.values[i].eval(r)
		if err != nil {
			return err
		}
		r.top().set(name, v)
	}
	return r.all(s.body)
}
