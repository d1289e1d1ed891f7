//! A file for each diagnostic code that makes the compiler say it, for `modgen explain`.

macro_rules! examples {
    ($($code:ident)*) => {
        &[$((stringify!($code), include_str!(concat!("examples/", stringify!($code), ".mod")))),*]
    };
}

/// Codes with the texts of their examples, in order.
pub const EXAMPLES: &[(&str, &str)] = examples! {
    M0001 M0002 M0003 M0004 M0005 M0006 M0007 M0008 M0009 M0010 M0011 M0012
    M0013 M0014 M0015 M0016 M0017 M0018 M0019 M0020 M0021 M0022 M0023 M0024
    M0025 M0027 M0028 M0104 M0111 M0115 M0118 M0119 M0120 M0121 M0123 M0124
    M0126 M0128 M0129 M0130 M0132 M0133 M0135 M0201 M0202 M0203 M0204 M0205
    M0206 M0207 M0208 M0209 M0210 M0211 M0212 M0213 M0215 M0216 M0218 M0219
    M0240 M0241 M0242 M0243 M0244 M0245 M0246 M0247 M0248 M0249 M0255 M0256
    M0257 M0258 M0261 M0267 M0268 M0269 M0301 M0302 M0304 M0305 M0306 M0307
    M0308 M0310 M0312 M0313 M0315 M0316 M0317 M0339 M0340 M0341 M0342 M0343 M0344 M0345
    M0348 M0349 M0350 M0351 M0352 M0353 M0354 M0355 M0356 M0357 M0358 M0359
    M0360 M0361 M0362 M0363 M0364 M0365 M0366 M0367 M0380 M0382 M0383 M0390
    M0391 M0392 M0393
};

/// The example of a code. A few codes have none: they need two files, or a file beyond all measure.
pub fn example(code: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}
