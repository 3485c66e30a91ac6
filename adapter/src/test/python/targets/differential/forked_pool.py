import concurrent.futures
import multiprocessing
import os
def square(n):
    return n * n, multiprocessing.current_process().name != "MainProcess"
def fails():
    raise ValueError("in the child")
if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        print(list(pool.map(square, range(3))))
    queue = multiprocessing.get_context("fork").Queue()
    process = multiprocessing.get_context("fork").Process(target=queue.put, args=({"a": 1},))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
