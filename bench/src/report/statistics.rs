/// The middle value, or the mean of the two in the middle; `None` of none.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let sorted = sorted(values);
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some(f64::midpoint(*sorted.get(low)?, *sorted.get(high)?))
}

/// How far apart the least and the greatest are, as a share of the median; `None` of none.
pub(super) fn spread(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let sorted = sorted(values);
    let (least, greatest) = (*sorted.first()?, *sorted.last()?);
    Some((greatest - least) / median(sorted)?)
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([]), None);
        assert_eq!(median([3.0]), Some(3.0));
        assert_eq!(median([9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 9.0]), Some(3.0));
    }

    #[test]
    fn the_spread_is_a_share_of_the_median() {
        assert_eq!(spread([]), None);
        assert_eq!(spread([5.0]), Some(0.0));
        assert_eq!(spread([12.0, 8.0, 10.0]), Some(0.4));
    }
}
