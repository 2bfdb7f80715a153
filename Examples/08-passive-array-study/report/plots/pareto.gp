set terminal svg size 760,480 font 'sans-serif,13' background '#ffffff'
set encoding utf8
set output 'pareto.svg'
set datafile separator ' '
set grid lc rgb '#dddddd'
set key outside right

set autoscale xfix
set yrange [0:*]
set format x '%g'
set xlabel 'energy of the run, J'
set ylabel 'Fréchet distance'
set key off
set offsets graph 0.08, graph 0.08, graph 0.08, graph 0.08
plot 'pareto.dat' index 1 using 1:2 with lines lc rgb '#999999', \
  'pareto.dat' index 0 using 1:2:3:4 with xyerrorbars pt 7 ps 0.6 lc rgb '#1f5f9f', \
  'pareto.dat' index 0 using 1:2:5 with labels offset 1,0.7 font ',11'
