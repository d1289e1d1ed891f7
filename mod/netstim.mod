TITLE Source of events, regular or random

COMMENT
From `start` on, `number` events follow each other at intervals with the mean `interval`, of which the
part `noise` is exponentially distributed and the rest is fixed. An input of positive weight starts such a
sequence when none is running; one of negative weight ends it.
Names, default values and the order of the random numbers are those documented for NEURON's built-in
`NetStim`.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL NetStim
    RANGE interval, number, start, noise
    RANDOM generator
    THREADSAFE
}

PARAMETER {
    interval = 10 (ms) <1e-9, 1e9>
    number = 10 <0, 1e9>
    start = 50 (ms)
    noise = 0 <0, 1>
}

ASSIGNED {
    running
    sent
}

INITIAL {
    LOCAL first
    random_setseq(generator, 0)
    running = 0
    sent = 0
    if (noise < 0) {
        noise = 0
    }
    if (noise > 1) {
        noise = 1
    }
    if (start >= 0 && number > 0) {
        running = 1
        first = start + pause() - interval * (1 - noise)
        if (first > 0) {
            net_send(first, 3)
        } else {
            net_send(0, 3)
        }
    }
}

NET_RECEIVE(weight) {
    LOCAL wait
    if (flag == 0) {
        if (weight > 0 && !running) {
            if (number > 0) {
                running = 1
                sent = 0
                wait = pause() - interval * (1 - noise)
                net_send(wait, 1)
            }
        } else if (weight < 0) {
            running = 0
        }
    } else if (flag == 3) {
        if (running) {
            sent = 0
            net_send(0, 1)
        }
    } else if (flag == 1 && running) {
        sent = sent + 1
        net_event(t)
        wait = pause()
        if (sent >= number) {
            running = 0
        } else {
            net_send(wait, 1)
        }
    }
}

: The time to the next event.
FUNCTION pause() (ms) {
    if (noise == 0) {
        pause = mean(interval)
    } else {
        pause = (1 - noise) * mean(interval) + noise * mean(interval) * random_negexp(generator)
    }
}

FUNCTION mean(wanted (ms)) (ms) {
    mean = wanted
    if (wanted <= 0) {
        mean = 0.01 (ms)
    }
}
