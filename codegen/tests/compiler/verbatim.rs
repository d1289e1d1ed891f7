//! VERBATIM by its meaning.

use crate::support::{Named, assert_close, both, codes, diagnostics};
use codegen::ir::evaluate::Instance;
use codegen::ir::{Mechanism, StreamKind};

/// An instance whose stream `name` has these ids.
fn instance(mechanism: &Mechanism, name: &str, ids: [f64; 3]) -> Instance {
    let mut x = Instance::new(mechanism);
    for (part, id) in ["id1", "id2", "id3"].into_iter().zip(ids) {
        x.columns[mechanism.column(&format!("{name}.{part}")).unwrap().0 as usize] = id;
    }
    x
}

/// The numbers are NEURON's for this file after `setRNG(3, 4, 5)`.
#[test]
fn a_synapse_with_its_own_generator_draws_neurons_numbers() {
    let text = include_str!("../mod/noisy.mod");
    // setRNG is left to HOC.
    assert_eq!(codes(text), ["M0310"]);
    let expected = [
        [0.6979551302041032, 0.6875015050095118, 0.49820474814622817],
        [0.6144715369179679, 0.36914576964192325, 2.7402774463339115],
        [0.6788341506200763, 0.029071048857529907, 1.007552351833282],
    ];
    for mechanism in both(text) {
        assert_eq!(mechanism.streams.len(), 1);
        assert_eq!(mechanism.streams[0].kind, StreamKind::Random123);
        let mut x = instance(&mechanism, "rng", [3.0, 4.0, 5.0]);
        x.run(&mechanism.kernels.init);
        for [u, e, n] in expected {
            x.run(&mechanism.kernels.state);
            assert_eq!(x.get(&mechanism, "u"), u);
            assert_close(x.get(&mechanism, "e"), e, 4e-16);
            assert_close(x.get(&mechanism, "n"), n, 1e-15);
        }
    }
}

/// A Random of HOC in negexp(1) mode; HOC's own call has drawn the first number.
#[test]
fn a_random_of_hoc_is_a_stream() {
    let text = "
NEURON { POINT_PROCESS Hocrng  RANGE x  POINTER rng }
VERBATIM
#ifndef NRN_VERSION_GTEQ_8_2_0
double nrn_random_pick(void* r);
#define CAST
#else
#define CAST (Rand*)
#endif
ENDVERBATIM
ASSIGNED { x rng }
BREAKPOINT { SOLVE draw }
PROCEDURE draw() { x = erand() }
FUNCTION erand() {
VERBATIM
  if (_p_rng) {
    _lerand = nrn_random_pick(CAST _p_rng);
  } else {
    if (_nt != nrn_threads) { hoc_execerror(\"multithread random\", \" only via hoc Random\"); }
ENDVERBATIM
    erand = exprand(1)
VERBATIM
  }
ENDVERBATIM
}
PROCEDURE setRNG() {
VERBATIM
  { void** pv = (void**)(&_p_rng);
    if (ifarg(1)) { *pv = nrn_random_arg(1); } else { *pv = (void*)0; } }
ENDVERBATIM
}";
    let found = codes(text);
    assert!(found.contains(&"M0350") && found.contains(&"M0310"), "{found:?}");
    for mechanism in both(text) {
        assert_eq!(mechanism.streams.len(), 1);
        let mut x = instance(&mechanism, "rng", [1.0, 2.0, 3.0]);
        x.columns[mechanism.column("rng.seq").unwrap().0 as usize] = 1.0;
        for expected in [1.473583988841838, 2.080479448902724, 2.067076158277677] {
            x.run(&mechanism.kernels.state);
            assert_close(x.get(&mechanism, "x"), expected, 4e-16);
        }
    }
}

fn with(body: &str) -> String {
    format!(
        "NEURON {{ SUFFIX x RANGE y, k }} PARAMETER {{ k = 3 }} ASSIGNED {{ y v }}
        INITIAL {{ y = f(k, 2) }}\nFUNCTION f(a, b) {{\nVERBATIM\n{body}\nENDVERBATIM\n}}"
    )
}

#[track_caller]
fn gives(body: &str, expected: f64) {
    assert_eq!(diagnostics(&with(body)), [], "{body}");
    for mechanism in both(&with(body)) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "y"), expected, "{body}");
    }
}

#[test]
fn plain_c_computes() {
    gives("return _la + 2*_lb;", 7.0);
    gives("_lf = _la; _lf *= -_lb;", -6.0);
    gives("int i = 7; return i / 2 + (int)(-2.7);", 1.0);
    gives("int i; double s = 0.; for (i = 1; i <= 4; i++) { if (i % 2) { s += i; } } return s;", 4.0);
    gives("int i = 3, j; j = i++; return 10*i + j;", 43.0);
    gives("double s = 1; while (s < 50.) s = s*_la; return(s);", 81.0);
    gives("return _la > 2 && !(_lb == 2) ? 1 : k - 1.5e0;", 1.5);
    gives("double q[3]; q[0] = 1; q[1] = _la; return q[0] + q[1];", 4.0);
    gives("/* a */ // b\n#if 0\nnonsense\n#else\nreturn exp(0) + fabs(-M_PI) - M_PI;\n#endif", 1.0);
}

#[test]
fn a_return_ends_the_routine() {
    gives("if (_la > 2) { return 5; } if (_la > 1) return 6; return 7;", 5.0);
    gives("if (_la > 4) { return 5; } else if (_la > 2) return 6; _lf = 7;", 6.0);
    gives("if (_la > 4) { return 5; } _lf = 7; return _lf + 1;", 8.0);
}

#[test]
fn loops_are_left_where_c_leaves_them() {
    gives("int i; for (i = 0; i < 9; i++) { if (i == 4) break; } return i;", 4.0);
    gives("int i; double s = 0; for (i = 0; i < 5; i++) { if (i == 2) continue; s += i; } return s;", 8.0);
    gives("int i = 0; while (1) { i++; if (i > 5) { break; } else { continue; } i = 100; } return i;", 6.0);
    gives("int i = 0; do { i += 2; } while (i < 7); return i;", 8.0);
    gives("int i = 0; while (++i < 7) { } return i;", 7.0);
    gives("int i; for (i = 0; i < 9; i++) { if (i > k) return i; } return -1;", 4.0);
    gives("int i; for (i = 0; i < 2; i++) { if (i > k) return i; } return -1;", -1.0);
    gives(
        "int i, j; for (i=0; i<9; i++) for (j=0; j<9; j++) { if (j > 2) break; if (i*j == 100) return 7; } return i*10 + j;",
        93.0,
    );
    gives(
        "int i, j; for (i=0; i<9; i++) for (j=0; j<9; j++) { if (j > 2) break; if (i*j == 8) return 10*i + j; } return 1;",
        42.0,
    );
}

#[test]
fn a_return_may_stand_anywhere_in_nmodl() {
    let run = |body: &str| {
        let text =
            format!("NEURON {{ SUFFIX x RANGE y }} ASSIGNED {{ y v }} INITIAL {{ p() }} PROCEDURE p() {{ {body} }}");
        let mut results = both(&text).into_iter().map(|mechanism| {
            let mut x = Instance::new(&mechanism);
            x.run(&mechanism.kernels.init);
            x.get(&mechanism, "y")
        });
        results.next().filter(|first| results.all(|other| other == *first))
    };
    let back = "\nVERBATIM\nreturn 0;\nENDVERBATIM\n";
    assert_eq!(run(&format!("if (v < 0) {{ y = 5 {back} }} y = 1")), Some(5.0));
    assert_eq!(run(&format!("if (v > 0) {{ {back} }} y = 1")), Some(1.0));
    assert_eq!(run(&format!("while (v < 0) {{ y = y + 1 if (y > 3) {{ {back} }} }}")), Some(4.0));
    assert_eq!(run(&format!("FROM i = 0 TO 5 {{ y = i if (i == 2) {{ {back} }} }} y = 9")), Some(2.0));
}

#[test]
fn a_switch_runs_from_its_case_to_the_break() {
    let switch = |k: &str| {
        format!(
            "double s = 0; switch ((int){k}) {{ case 1: s += 1; case 2: case 5: s += 10; break; default: s = -1; if (k \
             > 0) break; s = 7; case 3: s += 100; }} return s;"
        )
    };
    for (k, expected) in [("1.5", 11.0), ("2", 10.0), ("5", 10.0), ("3", 100.0), ("8", -1.0), ("k", 100.0)] {
        gives(&switch(k), expected);
    }
}

#[test]
fn a_loop_of_nmodl_may_be_left_in_c() {
    let text = "NEURON { SUFFIX x RANGE y, n } ASSIGNED { y n v } INITIAL { p(4) }
        PROCEDURE p(a) { y = 0 n = 0 FROM j = 0 TO 9 { y = y + j if (y > a) { n = j\nVERBATIM\nbreak;\nENDVERBATIM\n } } }";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!((x.get(&mechanism, "y"), x.get(&mechanism, "n")), (6.0, 3.0));
    }
}

#[test]
fn what_is_written_to_files_is_skipped() {
    let text = with(
        "FILE* f; char s[10]; sprintf(s, \"%g\", _la); f = fopen(s, \"w\"); if (f == NULL) { return 1; }
        fprintf(f, \"x\"); fclose(f); return 2;",
    );
    assert_eq!(codes(&text), ["M0308"; 4]);
    for mechanism in both(&text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "y"), 2.0);
    }
}

#[test]
fn c_draws_from_a_stream_of_the_instance() {
    let text = with("return rand() % 6 + 1 + 100*(rand() < RAND_MAX/2);");
    assert_eq!(codes(&text), ["M0357", "M0357"]);
    for mechanism in both(&text) {
        assert_eq!(mechanism.streams.len(), 1);
        let mut x = instance(&mechanism, "c_rand", [1.0, 2.0, 3.0]);
        let mut seen = [0; 7];
        for _ in 0..600 {
            x.run(&mechanism.kernels.init);
            seen[(x.get(&mechanism, "y") % 100.0) as usize] += 1;
        }
        assert!(seen[0] == 0 && seen[1..].iter().all(|count| (60..140).contains(count)), "{seen:?}");
    }
}

/// Nothing is lost silently: no instance runs.
#[test]
fn a_vector_that_is_written_must_be_set() {
    let text = "NEURON { POINT_PROCESS x RANGE y } ASSIGNED { y space }
        NET_RECEIVE(w) {\nVERBATIM\n { double *x; int n = vector_instance_px(*(void**)(&space), &x); x[(int)w] = t; }\nENDVERBATIM\n}";
    assert_eq!(codes(text), ["M0351", "M0354"]);
    for mechanism in both(text) {
        assert_eq!(mechanism.missing.len(), 1);
    }
    // One that is asked for first is not there.
    let asked = "NEURON { SUFFIX x RANGE y } ASSIGNED { y v space } INITIAL {\nVERBATIM
        if (auto* vv = *reinterpret_cast<IvocVect**>(&space)) { vector_resize(vv, 1); vector_vec(vv)[0] = t; } else { y = 3; }
        \nENDVERBATIM\n}";
    assert_eq!(codes(asked), ["M0351"; 2]);
    for mechanism in both(asked) {
        assert!(mechanism.missing.is_empty());
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "y"), 3.0);
    }
}

#[test]
fn c_and_nmodl_make_one_text() {
    let text = "NEURON { SUFFIX x RANGE y } ASSIGNED { y v } INITIAL { p(4) }
        PROCEDURE p(a) { LOCAL b\nVERBATIM\n double c = _la;\n if (c > 3) {\nENDVERBATIM
            b = 2\nVERBATIM\n y = c + _lb; } else {\nENDVERBATIM\n y = 0\nVERBATIM\n }\nENDVERBATIM\n}";
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "y"), 6.0);
    }
}

#[test]
fn what_is_not_understood_is_named_where_it_stands() {
    let text = with("double c = 1;\n c = gargstr(1);\n return c;");
    let found = diagnostics(&text);
    assert_eq!(found[0].code, "M0111");
    assert!(found[0].message.contains("the C function `gargstr`"), "{}", found[0].message);
    assert_eq!(&text[found[0].labels[0].span.range()], "gargstr");
    for body in [
        "switch (k) { x }",
        "goto a;",
        "break;",
        "FILE* f = fopen(s, t); return fgetc(f);",
        "return k & 1;",
        "static int n = 0; return n;",
        "return ip->x;",
    ] {
        assert!(codes(&with(body)).contains(&"M0111"), "{body}");
    }
    // Nothing that only HOC calls matters.
    let unused = "NEURON { SUFFIX x } PROCEDURE p() {\nVERBATIM\n char* s = gargstr(1); undefined(s);\nENDVERBATIM\n}";
    assert_eq!(codes(unused), ["M0310"]);
}

#[test]
fn the_vector_of_a_spike_source_is_empty() {
    let text = "NEURON { ARTIFICIAL_CELL Player RANGE index, etime } PARAMETER { index etime } ASSIGNED { space }
        INITIAL { index = 0 element() if (index > 0) { net_send(etime - t, 1) } }
        NET_RECEIVE(w) { if (flag == 1) { net_event(t) element() if (index > 0) { net_send(etime - t, 1) } } }
        PROCEDURE element() {\nVERBATIM
        { void* vv; int i, size; double* px;
          i = (int)index;
          if (i >= 0) {
            vv = *((void**)(&space));
            if (vv) {
              size = vector_capacity(vv);
              px = vector_vec(vv);
              if (i < size) { etime = px[i]; index += 1.; } else { index = -1.; }
            } else { index = -1.; }
          }
        }\nENDVERBATIM\n}
        PROCEDURE play() {\nVERBATIM
          void** vv; vv = (void**)(&space); *vv = (void*)0;
          if (ifarg(1)) { *vv = vector_arg(1); }\nENDVERBATIM\n}";
    let found = codes(text);
    assert!(found.contains(&"M0351") && found.contains(&"M0310"), "{found:?}");
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_eq!(x.get(&mechanism, "index"), -1.0);
    }
}

#[test]
fn pointers_are_columns_that_must_be_set() {
    let text = "NEURON { POINT_PROCESS Gap NONSPECIFIC_CURRENT i POINTER vgap, unused RANGE r }
        PARAMETER { r = 10 vgap } ASSIGNED { v i unused } BREAKPOINT { if (nrn_pointing(vgap)) { i = (v - vgap)/r } }";
    assert_eq!(codes(text), ["M0339"]);
    for mechanism in both(text) {
        assert_eq!(mechanism.pointers, ["vgap"]);
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        x.columns[mechanism.column("vgap").unwrap().0 as usize] = -55.0;
        x.run(&mechanism.kernels.current);
        assert_close(x.rhs, 1.0, 1e-12);
    }
}

#[test]
fn a_function_of_hoc_is_never_found() {
    let text = "NEURON { SUFFIX x RANGE r } ASSIGNED { r }
        INITIAL {
        r = 1
        VERBATIM
            char name[] = \"callback\";
            Symbol* s = hoc_lookup(name);
            if (s && r > 0) { hoc_pushx(r); hoc_call_func(s, 1); r = 2; }
        ENDVERBATIM
        }";
    assert_eq!(codes(text), ["M0344"]);
    for mechanism in both(text) {
        let mut x = Instance::new(&mechanism);
        x.run(&mechanism.kernels.init);
        assert_close(x.get(&mechanism, "r"), 1.0, 0.0);
    }
}

#[test]
fn a_stream_that_is_made_again_is_set_again() {
    let text = "NEURON { POINT_PROCESS x RANGE r POINTER p } ASSIGNED { r p }
        VERBATIM
        #define STREAM void** stream = (void**)(&_p_p)
        extern void* nrnran123_newstream(int, int);
        extern void nrnran123_deletestream(void*);
        extern double nrnran123_dblpick(void*);
        ENDVERBATIM
        INITIAL { set(3, 4) r = pick() }
        PROCEDURE set(a, b) {
        VERBATIM
            STREAM;
            if (*stream) { nrnran123_deletestream(*stream); }
            *stream = nrnran123_newstream((int) _la, (int) _lb);
        ENDVERBATIM
        }
        FUNCTION pick() {
        VERBATIM
            STREAM;
            _lpick = nrnran123_dblpick(*stream);
        ENDVERBATIM
        }";
    let random = "NEURON { POINT_PROCESS x RANGE r RANDOM p } ASSIGNED { r }
        INITIAL { random_setids(p, 3, 4, 0) random_setseq(p, 0) r = random_uniform(p) }";
    let value = |text: &str| {
        let mechanism = &both(text)[1];
        let mut x = Instance::new(mechanism);
        x.run(&mechanism.kernels.init);
        x.get(mechanism, "r")
    };
    assert_close(value(text), value(random), 0.0);
}
