// caught: "a loop that waits has no end"
macro_rules! withdraw {
    ($balance:expr, $amount:expr) => {{
        loop {
            let seen = $balance.load(SeqCst);
            if seen >= $amount && $balance.compare_exchange(seen, seen - $amount, SeqCst, SeqCst).is_ok() {
                break true;
            }
        }
    }};
}
