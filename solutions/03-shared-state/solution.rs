macro_rules! withdraw {
    ($balance:expr, $amount:expr) => {{
        let enough = |seen: u64| seen.checked_sub($amount);
        $balance.fetch_update(SeqCst, SeqCst, enough).is_ok()
    }};
}
