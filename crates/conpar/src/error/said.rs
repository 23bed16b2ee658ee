//! What an [`Error`] says.

use std::fmt;

use super::Error;
use crate::language::say;

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said())
    }
}

impl Error {
    fn said(&self) -> String {
        match self {
            Error::Drawing { reason } => say!(
                en: "the figure could not be drawn: {reason}",
                pt: "a figura não pôde ser desenhada: {reason}"
            ),
            Error::CannotWrite { path, reason, advice } => say!(
                en: "`{}` cannot be written: {reason}. {advice}",
                pt: "não é possível gravar `{}`: {reason}. {advice}",
                path.display()
            ),
            Error::CannotRead { path, reason, advice } => say!(
                en: "`{}` cannot be read: {reason}. {advice}",
                pt: "não é possível ler `{}`: {reason}. {advice}",
                path.display()
            ),
            Error::NotAResult { path, wanted, reason } => say!(
                en: "`{}` does not hold {wanted}: {reason}. Load a file that `.save_json(…)` of such a result wrote",
                pt: "`{}` não contém {wanted}: {reason}. Carregue um arquivo que `.save_json(…)` de um resultado desses gravou",
                path.display()
            ),
            Error::NewerFormat { path, version, known } => say!(
                en: "`{}` has format version {version}, and this conpar knows them up to {known}: update conpar, or ask for a file of an older one",
                pt: "`{}` tem a versão {version} do formato, e este conpar conhece até a {known}: atualize o conpar, ou peça um arquivo de um mais antigo",
                path.display()
            ),
            Error::NothingToCompare { reason } => say!(
                en: "{reason}: name two results or more, each with a label of its own, as `compare([(\"before\", &a), (\"after\", &b)])`",
                pt: "{reason}: dê dois resultados ou mais, cada um com um rótulo próprio, como em `compare([(\"before\", &a), (\"after\", &b)])`"
            ),
            Error::NoFigure { reason } => say!(
                en: "there is no figure to save: {reason}",
                pt: "não há figura para salvar: {reason}"
            ),
            Error::NothingToDraw { title } => say!(
                en: "`{title}` has no finite point to draw: add one with `.line(name, points)`, or with what else the figure is made of",
                pt: "`{title}` não tem nenhum ponto finito para desenhar: acrescente um com `.line(name, points)`, ou com o que mais compõe a figura"
            ),
            Error::NothingBelow { title, limit, smallest } => say!(
                en: "`{title}` shows values up to {limit}, and the smallest is {smallest}: give `.up_to(…)` a larger number",
                pt: "`{title}` mostra valores até {limit}, e o menor é {smallest}: dê a `.up_to(…)` um número maior"
            ),
            Error::TooFarApart { title } => say!(
                en: "the values of `{title}` are too large, or too far apart, for one axis: leave some out, or take their logarithms",
                pt: "os valores de `{title}` são grandes demais, ou distantes demais, para um só eixo: deixe alguns de fora, ou tome seus logaritmos"
            ),
            Error::EmptyName { what } => say!(
                en: "{what} has an empty name: give it one, it labels the figure",
                pt: "{what} está sem nome: dê um, pois é ele que identifica a curva na figura"
            ),
            Error::DuplicateName { name } => say!(
                en: "two arms are named `{name}`: give each its own, or their curves cannot be told apart",
                pt: "duas variantes se chamam `{name}`: dê a cada uma um nome próprio, senão suas curvas não se distinguem"
            ),
            Error::NoSerialArm => say!(
                en: "there is no serial arm, and a speedup is measured against one: add `.serial(|| …)` with the best serial code",
                pt: "não há variante serial, e um speedup é medido em relação a uma: acrescente `.serial(|| …)` com o melhor código serial"
            ),
            Error::ManySerialArms { found } => say!(
                en: "there are {found} serial arms: keep the fastest, it is the base of every speedup",
                pt: "há {found} variantes seriais: fique com a mais rápida, que é a base de todo speedup"
            ),
            Error::NoArm => say!(
                en: "there is no arm: add one, as `.arm(\"Mutex\", |value| …)`",
                pt: "não há variante: acrescente uma, como `.arm(\"Mutex\", |value| …)`"
            ),
            Error::NoValues => say!(
                en: "the parameter has no value to take: name some, as `.over([1, 4, 16, 64])`",
                pt: "o parâmetro não tem valores para percorrer: dê alguns, como `.over([1, 4, 16, 64])`"
            ),
            Error::NoValueFrom { least } => say!(
                en: "an arm begins at {least}, and no value is that large: name one in `.over(…)`",
                pt: "uma variante começa em {least}, e nenhum valor chega lá: dê um em `.over(…)`"
            ),
            Error::TooManyValues { asked, most } => say!(
                en: "{asked} values are too many for one figure: at most {most}. Take larger steps, as powers of two",
                pt: "{asked} valores são demais para uma figura: no máximo {most}. Dê passos maiores, como potências de dois"
            ),
            Error::DifferentAt { arm, at, value, expected } => say!(
                en: "`{arm}` at {at} computed {value}, expected was {expected}: times of different results are not compared. Mend the arm, or say what counts as equal with `.agree(|a, b| …)`",
                pt: "`{arm}` em {at} calculou {value}, o esperado era {expected}: tempos de resultados diferentes não se comparam. Corrija a variante, ou diga o que conta como igual com `.agree(|a, b| …)`"
            ),
            Error::PanickedAt { arm, at, message } => say!(
                en: "`{arm}` at {at} panicked: {message}",
                pt: "`{arm}` em {at} entrou em pânico: {message}"
            ),
            Error::NoSuchValue { arm, value, measured } => say!(
                en: "`{arm}` at {value} was not measured; measured was {measured}",
                pt: "`{arm}` em {value} não foi medida; o que se mediu foi {measured}"
            ),
            Error::TooManyArms { asked, most } => say!(
                en: "{asked} arms are too many for one figure: at most {most}",
                pt: "{asked} variantes são demais para uma figura: no máximo {most}"
            ),
            Error::NoMessages { reason } => say!(
                en: "these are no messages to measure: {reason}",
                pt: "estas não são mensagens que se possam medir: {reason}"
            ),
            Error::NoTasks => say!(
                en: "there is no task to schedule: give the times of at least one",
                pt: "não há tarefa para escalonar: dê os tempos de pelo menos uma"
            ),
            Error::TooManyToSchedule { most } => say!(
                en: "more than {most} tasks are too many to simulate: let each stand for a block of them",
                pt: "mais de {most} tarefas são demais para simular: faça cada uma valer por um bloco delas"
            ),
            Error::NoTime { task, seconds } => say!(
                en: "task {task} takes {seconds} s: a time is a number that is not negative",
                pt: "a tarefa {task} leva {seconds} s: um tempo é um número não negativo"
            ),
            Error::NoCost { cost, seconds } => say!(
                en: "the cost `{cost}` is {seconds} s: give a time from 0 to 1e9 s, or take `costs_here()?`",
                pt: "o custo `{cost}` é {seconds} s: dê um tempo de 0 a 1e9 s, ou use `costs_here()?`"
            ),
            Error::ZeroChunk { scheduler } => say!(
                en: "{scheduler} would hand out pieces of no task and never end: take at least 1",
                pt: "{scheduler} distribuiria pedaços de nenhuma tarefa e nunca terminaria: use pelo menos 1"
            ),
            Error::NoScheduler => say!(
                en: "there is no scheduler to simulate: name some, as `.schedulers([Static, Dynamic {{ chunk: 1 }}])`",
                pt: "não há escalonador para simular: dê alguns, como `.schedulers([Static, Dynamic {{ chunk: 1 }}])`"
            ),
            Error::TooManySchedulers { asked, most } => say!(
                en: "{asked} schedulers are too many for one figure: at most {most}",
                pt: "{asked} escalonadores são demais para uma figura: no máximo {most}"
            ),
            Error::TooManyToSimulate { asked, most } => say!(
                en: "{asked} workers are too many to simulate: at most {most}",
                pt: "{asked} trabalhadores são demais para simular: no máximo {most}"
            ),
            Error::NotARace { reason } => say!(
                en: "this is no race: {reason}",
                pt: "isto não é uma corrida: {reason}"
            ),
            Error::NoOrder { reason } => say!(
                en: "there is no order to count: {reason}",
                pt: "não há ordem para contar: {reason}"
            ),
            Error::NoTimeline { reason } => say!(
                en: "no timeline: {reason}. Print one line `timeline.line()` in each process, and read it on the same machine",
                pt: "não há linha do tempo: {reason}. Imprima uma linha `timeline.line()` em cada processo e leia-a na mesma máquina"
            ),
            Error::NoPulse { reason } => say!(
                en: "there is no heartbeat to judge: {reason}",
                pt: "não há pulso para julgar: {reason}"
            ),
            Error::OtherWork { arm, value, expected } => say!(
                en: "`{arm}` computed {value}, expected was {expected}: delays beside different work are not compared. Was a job given away and its result not waited for? Was one done twice?",
                pt: "`{arm}` calculou {value}, o esperado era {expected}: atrasos ao lado de trabalhos diferentes não se comparam. Alguma tarefa foi entregue sem que se esperasse o resultado? Alguma foi feita duas vezes?"
            ),
            Error::NeverEnds { arm, seconds } => say!(
                en: "`{arm}` had not ended after {seconds:.0} s, and still runs: interrupt the kernel to end it, and run the set-up cell again. Does the work end by itself, and the heartbeat when `pulse.next()` gives `None`?",
                pt: "`{arm}` não tinha terminado depois de {seconds:.0} s, e ainda executa: interrompa o kernel para encerrá-la, e execute de novo a célula inicial. O trabalho termina sozinho, e o pulso, quando `pulse.next()` dá `None`?"
            ),
            Error::NoExecution { name } => say!(
                en: "no execution of `{name}` came to its end in time: make the model smaller, with few threads and few steps",
                pt: "nenhuma execução de `{name}` chegou ao fim a tempo: faça o modelo menor, com poucas threads e poucos passos"
            ),
            Error::NoParallelArm => say!(
                en: "there is no parallel arm: add one, as `.rayon(\"par_iter\", || …)` or `.threads(\"scoped threads\", |workers| …)`",
                pt: "não há variante paralela: acrescente uma, como `.rayon(\"par_iter\", || …)` ou `.threads(\"scoped threads\", |workers| …)`"
            ),
            Error::NoWorkerCounts => say!(
                en: "the list of worker counts is empty: leave `.workers(…)` out to have 1 to all cores, or name at least one",
                pt: "a lista dos números de trabalhadores está vazia: deixe `.workers(…)` de fora para ir de 1 a todos os núcleos, ou dê pelo menos um"
            ),
            Error::ZeroWorkers => say!(
                en: "zero workers can do no work: worker counts start at 1",
                pt: "zero trabalhadores não fazem trabalho algum: os números de trabalhadores começam em 1"
            ),
            Error::TooManyWorkers { asked, most, cores } => say!(
                en: "{asked} workers are too many: at most {most} on this machine, {cores} cores with room to show oversubscription",
                pt: "{asked} trabalhadores são demais: no máximo {most} nesta máquina, com {cores} núcleos e espaço para mostrar o excesso de threads"
            ),
            Error::ZeroBudget => say!(
                en: "the time budget is zero: leave `.budget(…)` out for 3 s, or give it at least a few milliseconds",
                pt: "o orçamento de tempo é zero: deixe `.budget(…)` de fora para ter 3 s, ou dê pelo menos alguns milissegundos"
            ),
            Error::DifferentResults { arm, workers, value, expected } => say!(
                en: "`{arm}` on {workers} workers computed {value}, serial computed {expected}: times of different results are not compared. Mend the arm, or say what counts as equal with `.agree(|a, b| …)`",
                pt: "`{arm}` com {workers} trabalhadores calculou {value}, a serial calculou {expected}: tempos de resultados diferentes não se comparam. Corrija a variante, ou diga o que conta como igual com `.agree(|a, b| …)`"
            ),
            Error::NotComparable { value } => say!(
                en: "serial computed {value}, which is not equal to itself (NaN is not): so no arm can be checked against it. Return a value that can be compared, or say what counts as equal with `.agree(|a, b| …)`",
                pt: "a serial calculou {value}, que não é igual a si mesmo (NaN não é): assim nenhuma variante pode ser conferida. Devolva um valor que se possa comparar, ou diga o que conta como igual com `.agree(|a, b| …)`"
            ),
            Error::Panicked { arm, workers, message } => say!(
                en: "`{arm}` on {workers} workers panicked: {message}",
                pt: "`{arm}` com {workers} trabalhadores entrou em pânico: {message}"
            ),
            Error::NoPool { arm, workers, reason } => say!(
                en: "no pool of {workers} workers for `{arm}`: {reason}. Ask for fewer workers",
                pt: "não há pool de {workers} trabalhadores para `{arm}`: {reason}. Peça menos trabalhadores"
            ),
            Error::UnknownCores => say!(
                en: "this system does not tell how many cores this process may use, so nothing can be said of parallelism here",
                pt: "este sistema não informa quantos núcleos este processo pode usar, e assim nada se pode dizer de paralelismo aqui"
            ),
            Error::NoAffinity => say!(
                en: "this system does not let a thread be bound to one core, so one core cannot be told apart from all",
                pt: "este sistema não permite fixar uma thread em um núcleo, e assim um núcleo não se distingue de todos"
            ),
            Error::NotOnOneCore { core, other } => say!(
                en: "a task bound to core {core} ran on core {other}: it ran on a thread that was there before, as those of a rayon pool are. Start the threads, or build the pool, inside `at_once`",
                pt: "uma tarefa fixada no núcleo {core} executou no núcleo {other}: ela executou em uma thread que já existia, como as de um pool do rayon. Inicie as threads, ou construa o pool, dentro de `at_once`"
            ),
            Error::ZeroTasks => say!(
                en: "zero tasks have nothing to overlap: name at least one",
                pt: "zero tarefas não têm o que sobrepor: dê pelo menos uma"
            ),
            Error::TooManyTasks { asked, most } => say!(
                en: "{asked} tasks at once are too many for one figure: at most {most}",
                pt: "{asked} tarefas ao mesmo tempo são demais para uma figura: no máximo {most}"
            ),
            Error::TasksNotRun { asked, ran } => say!(
                en: "{asked} tasks were to run once each, and `at_once` ran {ran}: call `task(number)` for each number from 0",
                pt: "{asked} tarefas deviam executar uma vez cada, e `at_once` executou {ran}: chame `task(number)` para cada número a partir de 0"
            ),
            Error::TasksTooLong { rounds, seconds } => say!(
                en: "only {rounds} rounds of the four corners fit into the time and an interval rests on at least 7: a round takes {seconds:.1} s or more. Make the tasks shorter, or run fewer of them at once",
                pt: "só {rounds} rodadas dos quatro cantos cabem no tempo, e um intervalo se apoia em pelo menos 7: uma rodada leva {seconds:.1} s ou mais. Faça as tarefas mais curtas, ou execute menos delas ao mesmo tempo"
            ),
            Error::InsideRuntime => say!(
                en: "a tokio arm cannot be measured from inside a tokio runtime: take the `.await` out of this cell",
                pt: "uma variante do tokio não pode ser medida de dentro de um runtime do tokio: tire o `.await` desta célula"
            ),
            Error::TooFewRounds { rounds, seconds, budget, enough } => say!(
                en: "only {rounds} rounds fit into the time and an interval rests on at least 7: a round over all arms takes about {seconds:.1} s, the budget is {budget:.1} s. Make the work smaller, name fewer worker counts or values, or allow `.budget(Duration::from_secs({enough:.0}))`",
                pt: "só {rounds} rodadas cabem no tempo, e um intervalo se apoia em pelo menos 7: uma rodada por todas as variantes leva cerca de {seconds:.1} s, o orçamento é de {budget:.1} s. Faça o trabalho menor, dê menos números de trabalhadores ou valores, ou permita `.budget(Duration::from_secs({enough:.0}))`"
            ),
            Error::NoSuchRecord { name, known } => say!(
                en: "there is no record `{name}`; the records are `{known}`",
                pt: "não há registro `{name}`; os registros são `{known}`"
            ),
            Error::BadRecord { reason } => say!(
                en: "this is no record of a measurement: {reason}. The files in crates/conpar/src/recorded show one",
                pt: "isto não é o registro de uma medição: {reason}. Os arquivos em crates/conpar/src/recorded mostram um"
            ),
            Error::NotPositive { what, value } => say!(
                en: "{what} are {value}: give a positive number",
                pt: "{what} são {value}: dê um número positivo"
            ),
            Error::ChildDoesNotCompile { line, part, message } => say!(
                en: "the child program does not compile{}:\n{message}",
                pt: "o programa filho não compila{}:\n{message}",
                line_of(*line, part.as_deref())
            ),
            Error::NoChild { reason } => say!(
                en: "no child program: {reason}",
                pt: "não há programa filho: {reason}"
            ),
            Error::NoGo => say!(
                en: "no Go toolchain is on the PATH. `cargo lab setup --with go` adds one to the lab; then run this cell again. With conda: `conda install go`",
                pt: "não há ferramentas de Go no PATH. `cargo lab setup --with go` as acrescenta ao laboratório; depois execute esta célula de novo. Com conda: `conda install go`"
            ),
            Error::ChildFailed { what, reason } => say!(
                en: "`{what}` failed in its child process: {reason}",
                pt: "`{what}` falhou em seu processo filho: {reason}"
            ),
            Error::NoSharedMemory { reason } => say!(
                en: "no shared memory: {reason}",
                pt: "não há memória compartilhada: {reason}"
            ),
            Error::NotPayloads { reason } => say!(
                en: "this sweep says nothing of messages: {reason}. Its parameter is the payload in bytes, its time that of a message there and back",
                pt: "esta varredura nada diz de mensagens: {reason}. Seu parâmetro é a carga útil em bytes, seu tempo é o de uma mensagem de ida e volta"
            ),
            Error::NoJobs { what, reason } => say!(
                en: "`{what}` reported no jobs: {reason}",
                pt: "`{what}` não relatou tarefa nenhuma: {reason}"
            ),
            Error::NoMpi { reason } => say!(
                en: "{reason}. Chapter 13 needs one: run `cargo lab setup --with mpi` in a terminal, then this cell again",
                pt: "{reason}. O capítulo 13 precisa disso: execute `cargo lab setup --with mpi` em um terminal, e depois esta célula de novo"
            ),
            Error::BadRanks { reason } => say!(
                en: "this job cannot be: {reason}",
                pt: "este job não pode ser: {reason}"
            ),
            Error::RanksNotLaunched { on, reason } => say!(
                en: "no rank started on {on}: {reason}",
                pt: "nenhum rank foi iniciado em {on}: {reason}"
            ),
            Error::WrongWorld { asked, found, said } => say!(
                en: "{asked} ranks were asked for, {said} came, in a world of {found}: begin `main` with `start()`. Where each rank has a world of its own, the program was built with another MPI than it was launched with: `cargo lab setup --with mpi`",
                pt: "{asked} ranks foram pedidos, {said} vieram, em um mundo de {found}: comece `main` com `start()`. Onde cada rank tem um mundo só seu, o programa foi compilado com um MPI e iniciado com outro: `cargo lab setup --with mpi`"
            ),
            Error::RankEnded { rank, how } => say!(
                en: "{rank}: {how}. MPI then ended the whole job",
                pt: "{rank}: {how}. O MPI então encerrou o job inteiro"
            ),
            Error::RanksLate { ranks, on, seconds, seen } => say!(
                en: "the job of {ranks} ranks on {on} was not done after {seconds} s, and was ended. What was seen then: {seen}",
                pt: "o job de {ranks} ranks em {on} não tinha terminado depois de {seconds} s, e foi encerrado. O que se via então: {seen}"
            ),
            Error::NotReported { name } => say!(
                en: "the job reported no `{name}`: its program calls `report` for what it timed and `result` for what it computed, on one rank",
                pt: "o job não relatou `{name}`: seu programa chama `report` para o que cronometrou e `result` para o que calculou, em um rank"
            ),
            Error::TooManyChildren { most } => say!(
                en: "{most} child programs run already, which is the most: wait for one with `.wait()`, or drop it, before you start another",
                pt: "{most} programas filhos já executam, e este é o máximo: espere por um com `.wait()`, ou descarte-o, antes de iniciar outro"
            ),
            Error::NoCompetitor { reason } => say!(
                en: "no competing process could be started: {reason}. It is a loop of the shell `sh`, which has to be installed",
                pt: "nenhum processo concorrente pôde ser iniciado: {reason}. Ele é um laço do shell `sh`, que precisa estar instalado"
            ),
            Error::NoSuchArm { arm, measured } => say!(
                en: "`{arm}` was not measured; the arms are `{measured}`",
                pt: "`{arm}` não foi medida; as variantes são `{measured}`"
            ),
            Error::NoSuchPoint { arm, workers, measured } => say!(
                en: "`{arm}` on {workers} workers was not measured; the arms are `{measured}`",
                pt: "`{arm}` com {workers} trabalhadores não foi medida; as variantes são `{measured}`"
            ),
            Error::NoReport { reason } => {
                say!(en: "no report card: {reason}", pt: "nenhum boletim: {reason}")
            }
            Error::UnknownLanguage { tag } => say!(
                en: "nothing here speaks `{tag}`: the languages are `en` and `pt-BR`",
                pt: "nada aqui fala `{tag}`: as línguas são `en` e `pt-BR`"
            ),
        }
    }
}

/// Where a compiler points: ", line 3 of its text", ", line 3 of `MAIN`".
fn line_of(line: Option<usize>, part: Option<&str>) -> String {
    match (line, part) {
        (None, _) => String::new(),
        (Some(line), None) => say!(en: ", line {line} of its text", pt: ", linha {line} do seu texto"),
        (Some(line), Some(part)) => say!(en: ", line {line} of `{part}`", pt: ", linha {line} de `{part}`"),
    }
}
