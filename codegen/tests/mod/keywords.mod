TITLE Names that Rust or WGSL reserve

NEURON {
    POINT_PROCESS match
    RANGE type, fn, Type, TYPE, let, loop, alpha, Alpha, struct, self, real, values, f64, bool, None
    NONSPECIFIC_CURRENT as
}

PARAMETER {
    type = 1  fn = 2  Type = 3  TYPE = 4  let = 5  loop = 6
    struct = 8  self = 9  real = 7  values = 2  f64 = 3  bool = 4
}

ASSIGNED { v  alpha  Alpha  None  as  var[3]  array }

INITIAL {
    LOCAL move, use, mod, where[2]
    move = 1  use = 2  mod = 3  where[1] = 4
    alpha = type + fn*Type - TYPE/let + loop + struct + self + real + values + f64 + bool
    Alpha = impl(move) + use + mod + where[1]
    None = alpha
    array = 2.5
    var[array] = 2
    crate()
}

BREAKPOINT { as = var[array]*0 }

NET_RECEIVE(self, net, clock) {
    INITIAL { net = 1 }
    v = v + self
    clock = v
}

FUNCTION impl(dyn) {
    LOCAL ref
    ref = dyn
    impl = ref + 1
}

PROCEDURE crate() { None = None + 1 }
