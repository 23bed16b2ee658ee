// caught: "one must get it"
macro_rules! withdraw {
    ($balance:expr, $amount:expr) => {{
        $balance.load(SeqCst) < $amount
    }};
}
