// caught: "one has taken 70 of 100"
macro_rules! withdraw {
    ($balance:expr, $amount:expr) => {{
        $balance.fetch_sub($amount, SeqCst) >= $amount
    }};
}
