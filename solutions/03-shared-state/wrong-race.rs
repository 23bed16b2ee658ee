// caught: "Which operation looks and acts at once"
macro_rules! withdraw {
    ($balance:expr, $amount:expr) => {{
        $balance.load(SeqCst) >= $amount && {
            $balance.fetch_sub($amount, SeqCst);
            true
        }
    }};
}
