// caught: "one worker seems to do nearly all the work"
const CHUNK: usize = ROWS;
