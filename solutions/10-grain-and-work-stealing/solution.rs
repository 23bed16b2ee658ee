const CHUNK: usize = 4;
