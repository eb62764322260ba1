//! The binary logarithm of a decimal, in decimals.

use rust_decimal::Decimal;

/// Binary digits after the point: 2^-56 is below 2e-17, far finer than what is kept.
const DIGITS: u32 = 56;

/// log2 of a number above zero; `None` of any other.
///
/// The floating-point logarithm of a browser and of a server may differ in the last bit, so it is not used. The number
/// is halved or doubled into 1 to 2; from then on each squaring yields one binary digit of the fraction. The
/// error that a squaring carries on is halved in the digit's place, so it stays near the 28th digit.
pub(super) fn log2(number: Decimal) -> Option<Decimal> {
    if number <= Decimal::ZERO {
        return None;
    }
    let mut mantissa = number;
    let mut whole: i64 = 0;
    while mantissa >= Decimal::TWO {
        mantissa = mantissa.checked_div(Decimal::TWO)?;
        whole += 1;
    }
    while mantissa < Decimal::ONE {
        mantissa = mantissa.checked_mul(Decimal::TWO)?;
        whole -= 1;
    }
    let mut fraction: u64 = 0;
    for _ in 0..DIGITS {
        mantissa = mantissa.checked_mul(mantissa)?;
        fraction *= 2;
        if mantissa >= Decimal::TWO {
            mantissa = mantissa.checked_div(Decimal::TWO)?;
            fraction += 1;
        }
    }
    Decimal::from(fraction)
        .checked_div(Decimal::from(1_u64 << DIGITS))?
        .checked_add(Decimal::from(whole))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use rust_decimal::prelude::ToPrimitive as _;
    use std::str::FromStr as _;

    #[test]
    fn a_power_of_two_is_exact() {
        let mut number = Decimal::ONE;
        for power in 0..=90 {
            assert_eq!(log2(number), Some(Decimal::from(power)), "{number}");
            number *= Decimal::TWO;
        }
        assert_eq!(log2(Decimal::new(125, 3)), Some(Decimal::from(-3)));
    }

    #[test]
    fn it_agrees_with_published_digits() {
        // OEIS A020857 (log2 3) and A020862 (log2 10).
        for (number, digits) in [
            ("3", "1.584962500721156"),
            ("10", "3.321928094887362"),
            ("0.1", "-3.321928094887362"),
        ] {
            let computed = log2(Decimal::from_str(number).unwrap()).unwrap();
            assert_eq!(computed.round_dp(15), Decimal::from_str(digits).unwrap());
        }
    }

    #[test]
    fn it_agrees_with_floating_point_over_the_whole_range() {
        let mut number = Decimal::new(1, 28);
        while let Some(next) = number.checked_mul(Decimal::new(17, 1)) {
            let difference =
                log2(number).unwrap().to_f64().unwrap() - number.to_f64().unwrap().log2();
            assert!(difference.abs() < 1e-11, "{number}: {difference}");
            number = if next == number {
                Decimal::new(2, 28)
            } else {
                next
            };
        }
        assert!(log2(Decimal::MAX).is_some());
    }

    #[test]
    fn nothing_and_below_has_none() {
        for number in [
            Decimal::ZERO,
            Decimal::NEGATIVE_ONE,
            Decimal::MIN,
            Decimal::new(-1, 28),
        ] {
            assert_eq!(log2(number), None);
        }
    }
}
